"""Read-only view for coverage figures.

``fieldwork_visit_v``: one row for each visit: `kind`, `area_path`, `organisation_key` (empty when
no firm was visited), `received_at`; of a verification also what it checked (`verifies_kind`,
`verifies_key`) and whether it `passed`. It says nothing of who walked.
"""

VISITS = "fieldwork_visit_v"
