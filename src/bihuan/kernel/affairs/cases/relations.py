"""Read-only view for figures, exports and the wall.

``cases_case_v``: one row for each matter: what it is (`kind`, `class_code`, `grade`, `title`),
where (`area_path`, `area_name`), its moments (`raised_at`, `filed_at`, `closed_at`), the present
deadline (`due_at`, `paused`), what was promised for the disposal by the lead unit (`promised_at`),
who holds it (`holder_name`), and how it ended (`state`, `rating`, `solved`). `anonymous`,
`malicious` and `unreasonable` matters are shown apart and stay out of the rates of verdicts;
`redos`, `reopenings`, `repeats` count, and `master_id` names the matter that one follows.
"""

MATTERS = "cases_case_v"
