"""What must hold after everything was killed, asked of the tables themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg

from tests.trust.thread import Command, Told

DOUBLED = """
    SELECT command_id, name, count(*) FROM events_fact WHERE command_id IS NOT NULL
    GROUP BY command_id, name HAVING count(*) > 1
"""
DOUBLED_LINES = """
    SELECT case_id, part_id, round_no, move, count(*) FROM cases_entry
    GROUP BY case_id, part_id, round_no, move
    HAVING count(*) > CASE WHEN move IN ('feed_back', 'dispatch') THEN 2 ELSE 1 END
"""
"""In a round no way of `walks.py` makes a move twice, but an answer after a failed look and a
dispatch after a return."""
ORPHANS = {
    "a fact that lacks a delivery its like have": """
        SELECT f.id FROM events_fact f
        JOIN (SELECT DISTINCT f.name, d.subscriber FROM events_fact f
              JOIN events_delivery d ON d.fact_id = f.id) s ON s.name = f.name
        LEFT JOIN events_delivery d ON d.fact_id = f.id AND d.subscriber = s.subscriber
        WHERE d.id IS NULL""",
    "a delivery without its fact": """
        SELECT d.id FROM events_delivery d LEFT JOIN events_fact f ON f.id = d.fact_id
        WHERE f.id IS NULL""",
    "a fact of a matter without the matter": """
        SELECT f.id FROM events_fact f WHERE f.subject_kind = 'cases.case'
        AND NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id::text = f.subject_key)""",
    "a matter without its opening fact": """
        SELECT c.id FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM events_fact f WHERE
        f.name = 'cases.case_opened.v1' AND f.subject_key = c.id::text)""",
    "a command without an answer": "SELECT id FROM web_command WHERE answer IS NULL",
    "a command without a fact": """
        SELECT w.id FROM web_command w
        WHERE NOT EXISTS (SELECT 1 FROM events_fact f WHERE f.command_id = w.command_id)""",
    "a fact of a command that is not kept": """
        SELECT f.id FROM events_fact f WHERE f.command_id IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM web_command w WHERE w.command_id = f.command_id)""",
}
HISTORIES = {
    "a matter is not where its facts brought it": """
        SELECT c.id FROM cases_case c JOIN LATERAL (
            SELECT payload FROM events_fact f WHERE f.name = 'cases.case_moved.v1'
            AND f.subject_key = c.id::text ORDER BY f.id DESC LIMIT 1) last ON true
        WHERE last.payload->>'target' <> c.state""",
    "a move begins elsewhere than the one before ended": """
        SELECT id FROM (SELECT f.id, f.payload->>'source' AS source,
            lag(f.payload->>'target', 1, 'reported')
                OVER (PARTITION BY f.subject_key ORDER BY f.id) AS before
            FROM events_fact f WHERE f.name = 'cases.case_moved.v1') moves
        WHERE source <> before""",
    "a part is not where its facts brought it": """
        SELECT p.id FROM cases_part p JOIN cases_case c ON c.id = p.case_id
        JOIN cases_round r ON r.id = p.round_id AND r.no = c.round_no JOIN LATERAL (
            SELECT payload FROM events_fact f WHERE f.name = 'cases.part_moved.v1'
            AND f.payload->>'part_id' = p.id::text ORDER BY f.id DESC LIMIT 1) last ON true
        WHERE CASE WHEN c.state IN ('closed', 'evaluated') AND p.state <> 'returned'
              THEN p.state <> 'accepted'
              ELSE last.payload->>'target' <> p.state END""",
    "history and version do not agree": """
        SELECT c.id FROM cases_case c
        WHERE c.version <> (SELECT count(*) - 1 FROM cases_entry e WHERE e.case_id = c.id)""",
    "a closed matter has a running clock": """
        SELECT c.id FROM cases_case c JOIN clocks_timer t ON t.stopped_at IS NULL
        AND t.subject_kind = 'cases.case' AND t.subject_key = c.id::text
        WHERE c.state IN ('closed', 'evaluated')""",
    "an open matter has no clock": """
        SELECT c.id FROM cases_case c WHERE c.timer_id IS NULL
        AND c.state NOT IN
            ('closed', 'evaluated', 'rejected', 'voided', 'merged', 'withdrawn')""",
    "a round of another state than its verdict": """
        SELECT c.id FROM cases_case c JOIN cases_round r ON r.case_id = c.id AND r.no = c.round_no
        WHERE (c.state IN ('closed', 'evaluated')) <> (r.verified_by IS NOT NULL)""",
}


@dataclass(slots=True)
class Found:
    """What the checks found."""

    lost: list[Command] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """Return how many faults."""
        return len(self.lost) + len(self.doubled) + len(self.wrong)


def check(url: str, told: Told) -> Found:
    """Compare what people were told with what stands."""
    found = Found()
    with psycopg.connect(url, autocommit=True) as db:
        ids = [c.id for c in told.acknowledged]
        rows = db.execute(
            "SELECT DISTINCT command_id::text FROM events_fact WHERE command_id = ANY(%s::uuid[])",
            [ids],
        )
        standing = {row[0] for row in rows}
        found.lost = [c for c in told.acknowledged if c.id not in standing]
        for question in (DOUBLED, DOUBLED_LINES):
            found.doubled += [str(row) for row in db.execute(question)]
        for words, question in {**ORPHANS, **HISTORIES}.items():
            found.wrong += [f"{words}: {row[0]}" for row in db.execute(question)]
    return found


def empty(url: str) -> None:
    """Forget the matters of the phase before; the cast stays."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("SET session_replication_role = replica")
        db.execute(
            "TRUNCATE cases_case, cases_part, cases_round, cases_entry, events_fact,"
            " events_delivery, web_command, clocks_timer, clocks_event, clocks_rung CASCADE"
        )
