"""Many matters, written set-wise: copies of one that walked the thread, spread over a city.

Half lie in one county, half in all of them; they hang on fifty units; four in ten are ended, a
quarter waits to be dispatched. Only benches do this: everything else raises matters by doors.
"""

from __future__ import annotations

from typing import Any

COUNTY = "3304/330424/"
UNITS = 50
FREQUENT, MIDDLE, RARE, ABSENT = "路灯", "水管", "白蚁", "彩虹"
"""A word of every third title, of every 250th, of every 50,000th, of none."""
MINUTE = "interval '1 minute'"
CLOCKS = f"""
    CASE WHEN s.state IN ('closed', 'evaluated') THEN NULL
         ELSE now() + (s.new % 9001 - 3000 - {{before}}) * {MINUTE} END
"""
STATES = """
    (ARRAY['filed','filed','filed','filed','returned','dispatched','dispatched','dispatched',
           'signed','in_progress','reported','reported','fed_back','fed_back','suspended','closed',
           'closed','closed','closed','evaluated'])[1 + (p.new / 7 %% 20)]
"""
PART_STATES = """
    CASE s.state WHEN 'suspended' THEN 'in_progress' WHEN 'fed_back' THEN 'fed_back'
         WHEN 'dispatched' THEN 'dispatched' WHEN 'signed' THEN 'signed'
         WHEN 'in_progress' THEN 'in_progress' WHEN 'returned' THEN 'returned'
         ELSE 'accepted' END
"""
CASE = {
    "id": "s.new",
    "number": "'B' || s.new",
    "state": "s.state",
    "due_at": CLOCKS.format(before=0),
    "orange_at": CLOCKS.format(before=600),
    "yellow_at": CLOCKS.format(before=1200),
    "paused": "s.state = 'suspended'",
    "review_at": "CASE WHEN s.state = 'suspended' THEN now() END",
    "closed_at": "CASE WHEN s.state IN ('closed', 'evaluated') THEN now() END",
    "raised_at": f"now() - s.new % 500000 * {MINUTE}",
    "area_id": "s.area_id",
    "area_path": "s.path",
    "source_key": "'B' || s.new",
    "raised_by_key": "gen_random_uuid()::text",
    "title": f"""
        s.place || CASE WHEN s.new % 50000 = 77 THEN '{RARE}蛀了门框'
                        WHEN s.new % 250 = 3 THEN '{MIDDLE}漏水'
                        WHEN s.new % 3 = 0 THEN '{FREQUENT}不亮'
                        ELSE '垃圾没人清' || s.new % 97 END""",
}
ROUND = {"case_id": "s.new"}
PART = {
    "case_id": "s.new",
    "round_id": "r.id",
    "unit_id": "s.unit_id",
    "state": PART_STATES,
    "returned_basis": "'另有主管'",
    "due_at": CLOCKS.format(before=0),
    "orange_at": CLOCKS.format(before=600),
    "yellow_at": CLOCKS.format(before=1200),
    "paused": "s.state = 'suspended'",
}


SPREAD_OUT = f"""
    CREATE TEMP TABLE spread AS
    WITH village AS (
        SELECT array_agg(id) AS every, array_agg(id) FILTER (WHERE path LIKE '{COUNTY}%%') AS near
        FROM registry_area WHERE level = 'village' AND valid_to IS NULL
    ), given AS (
        SELECT p.new, (p.new * 7919) %% 100003 AS dice, {STATES} AS state,
               (ARRAY['公交站旁','菜场门口','小学对面','桥头','小区北门'])[1 + p.new %% 5] AS place
        FROM (SELECT nextval(pg_get_serial_sequence('cases_case', 'id')) AS new
              FROM generate_series(1, %s)) p
    )
    SELECT g.new, g.state, g.place, a.id AS area_id, a.path,
           unit.ids[1 + g.dice %% {UNITS}] AS unit_id
    FROM given g, village, (SELECT array_agg(id) AS ids FROM registry_unit) unit, registry_area a
    WHERE a.id = CASE WHEN g.new %% 2 = 0 THEN every[1 + g.dice %% cardinality(every)]
                      ELSE near[1 + g.dice %% cardinality(near)] END
"""


def prepare(admin: Any) -> None:
    """Add units until there are fifty."""
    admin.execute(
        "INSERT INTO registry_unit (code, name, path, line, phone, is_open, area_id, parent_id)"
        " SELECT 'bench-' || n, '街道办事处' || n, 'bench-' || n || '/', line, phone, is_open,"
        " area_id, NULL FROM registry_unit,"
        " generate_series((SELECT count(*) + 1 FROM registry_unit), %s) n"
        " WHERE code = '330424-zongzhi'",
        [UNITS],
    )


def fill(admin: Any, size: int) -> None:
    """Add copies of the first matter until there are `size`, with its round and its part."""
    (have,) = admin.execute("SELECT count(*) FROM cases_case").fetchone()
    (index,) = admin.execute("SELECT pg_get_indexdef('cases_case_pairs'::regclass)").fetchone()
    admin.execute("SET session_replication_role = replica")
    admin.execute(SPREAD_OUT, [size - have])
    admin.execute("DROP INDEX cases_case_pairs")  # made at the end it takes a part of the time
    _copy(admin, "cases_case", "id", CASE)
    _copy(admin, "cases_round", "case_id", ROUND)
    at_work = "s.state NOT IN ('reported', 'filed')"
    _copy(
        admin,
        "cases_part",
        "case_id",
        PART,
        f"JOIN cases_round r ON r.case_id = s.new AND {at_work}",
    )
    admin.execute(index)
    admin.execute("DROP TABLE spread")
    admin.execute("VACUUM ANALYZE cases_case, cases_round, cases_part")


def _copy(admin: Any, table: str, key: str, changed: dict[str, str], joined: str = "") -> None:
    """Copy the first matter's row of a table for each new one, with some columns changed."""
    rows = admin.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND (column_name <> 'id' OR %s) AND is_generated = 'NEVER'",
        [table, key == "id"],
    ).fetchall()
    names = [name for (name,) in rows]
    values = [changed.get(name, f't."{name}"') for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    question = f"INSERT INTO {table} ({listed}) SELECT {', '.join(values)} FROM spread s {joined}"
    question += f" JOIN (SELECT * FROM {table} ORDER BY id LIMIT 1) t ON true ORDER BY s.new"
    admin.execute(question)
