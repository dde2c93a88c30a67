"""Read-only views for figures, exports and the wall.

``cases_case_v``: one row for each matter: what it is (`kind`, `class_code`, `grade`, `title`),
where (`area_path`, `area_name`), its moments (`raised_at`, `filed_at`, `closed_at`), the present
deadline (`due_at`, `paused`), what was promised for the disposal by the lead unit (`promised_at`),
who holds it (`holder_name`), and how it ended (`state`, `rating`, `solved`). `anonymous`,
`malicious` and `unreasonable` matters are shown apart and stay out of the rates of verdicts;
`redos`, `reopenings`, `repeats` count, and `master_id` names the matter that one follows. Of its
lead parts: `first_dispatched_at`, `first_signed_at`, the last `fed_back_at`, and whether the
present one was `extended`; of its rounds the last `checked_at`; `listed`: it was ever put under
supervision (挂牌督办).

``cases_part_v``: one row for each dispatch to a unit: of which matter, to whom (`unit_name`,
`role`), `dispatched_at`, `return_until`, `signed_at`, `fed_back_at`, `due_at`, its `state` and
its matter's (`case_state`).
"""

MATTERS = "cases_case_v"
PARTS = "cases_part_v"
