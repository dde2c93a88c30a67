"""Read-only views for figures, wall and exports.

``codes_standing_v``: one row for each subject with a standing: `subject_kind`, `subject_key`,
`colour`, `score`, `since`, and how many `reasons` its decision has.
"""

STANDINGS = "codes_standing_v"
