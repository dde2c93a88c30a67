"""Read-only views for figures, exports and the wall.

``cases_case_v``: one row for each matter: what it is (`kind`, `class_code`, `grade`, `title`),
where (`area_path`, `area_name`), its moments (`raised_at`, `filed_at`, `closed_at`), the present
deadline (`due_at`, `paused`), what was promised for the disposal by the lead unit (`promised_at`),
who holds it (`holder_name`), and how it ended (`state`, `rating`, `solved`). `anonymous`,
`malicious` and `unreasonable` matters are shown apart and stay out of the rates of verdicts;
`redos`, `reopenings`, `repeats` count, and `master_id` names the matter that one follows. Of its
lead parts: `first_dispatched_at`, `first_signed_at`, the last `fed_back_at`, and whether the
present one was `extended`; of its rounds the last `checked_at`; `listed`: it was ever put under
supervision (挂牌督办). Until when a unit speaks with who raised it (`contact_until`, null when
nobody is known) and when one first did (`contacted_at`; an answer is a word too).

``cases_part_v``: one row for each dispatch to a unit: of which matter, to whom (`unit_name`,
`role`), `dispatched_at`, `return_until`, `signed_at`, `fed_back_at`, `due_at`, its `state` and
its matter's (`case_state`).

``cases_open_v``: one row for each matter that is not ended; a column that costs a look elsewhere
(`area_name`, `holder_name`) costs nothing where it is not asked for.

``cases_told_v``: one row for each fact recorded of a matter, in order of `id`: `at` which moment,
from which state (`was`, of moves) into which `state`, and by when that was due (`due_at`). A row
without `state` is a date that the calendar moved, of the matter's own clock or its lead's. What
stood at the end of any day follows from the last rows before it.

``cases_dated_v``: which matters a moment may belong to (`case_id`, `what`, `at`), from indexes
alone: `what` is a column of the first view, or ``due_at`` of what is open and not paused. It names
a few matters too many (every part's moments, not the lead's alone), never one too few.
"""

MATTERS = "cases_case_v"
PARTS = "cases_part_v"
OPEN = "cases_open_v"
TOLD = "cases_told_v"
DATED = "cases_dated_v"
