"""W1a and W1b: a matter through the thread, and the worklist among many matters.

W1a walks matters through the real operations (report, file, dispatch, sign, feed back, verify: six
idempotent commands, policies, clocks, facts and outbox included) as the run-time role with
durability on, beside five hand-written statements with five commits on the same server in the same
run. W1b asks the worklist for a page of 50 among 1,000, 10,000 and 100,000 matters, beside
hand-written SQL for the same page with its count. One connection; the photo is stored beforehand;
scopes are made once. Only ratios of one run count. ``python -m bench w1_thread``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

CASES, RUNS = 40, 3
SIZES = (1_000, 10_000, 100_000)
MAKE_LIMIT = """
    CREATE TABLE bench_case (
        id bigserial PRIMARY KEY, title text, state text, unit int, at timestamptz);
    CREATE TABLE bench_audit (id bigserial PRIMARY KEY, case_id bigint, what text, at timestamptz)
"""
OPEN = """
    WITH c AS (INSERT INTO bench_case (title, state, at)
               VALUES (%s, 'reported', now()) RETURNING id)
    INSERT INTO bench_audit (case_id, what, at) SELECT id, 'report', now() FROM c RETURNING case_id
"""
MOVE = """
    WITH c AS (UPDATE bench_case SET state = %s, unit = 1 WHERE id = %s RETURNING id)
    INSERT INTO bench_audit (case_id, what, at) SELECT id, %s, now() FROM c
"""
MOVES = ("assigned", "handled", "verified", "closed")


def main() -> int:
    """Build a town, measure inside its surroundings, print the lines."""
    import psycopg

    from bihuan.platform.database.roles import OWNER
    from tests.trust.harness import ROOT, Town

    town = Town()
    try:
        town.build()
        with psycopg.connect(town.server.url("bihuan", OWNER), autocommit=True) as owner:
            owner.execute(MAKE_LIMIT)
        command = [sys.executable, "-W", "ignore", "-m", "bench.w1_thread", "inside"]
        for word in ("thread", *map(str, SIZES)):
            if word.isdigit():
                with psycopg.connect(town.server.url("bihuan"), autocommit=True) as admin:
                    fill(admin, int(word))
            done = subprocess.run([*command, word], cwd=ROOT, env=town.surroundings(), check=False)
            if done.returncode:
                return done.returncode
    finally:
        town.close()
    return 0


def fill(admin: Any, size: int) -> None:
    """Add copies of the matters that stand until there are `size`, with their rounds and parts."""
    (have,) = admin.execute("SELECT count(*) FROM cases_case").fetchone()
    copies = -(-(size - have) // have)
    admin.execute("SET session_replication_role = replica")
    admin.execute("CREATE TEMP TABLE pairs (old bigint, new bigint)")
    admin.execute(
        "INSERT INTO pairs SELECT c.id, nextval(pg_get_serial_sequence('cases_case', 'id'))"
        " FROM cases_case c, generate_series(1, %s) LIMIT %s",
        [copies, size - have],
    )
    changed = {
        "id": "p.new",
        "number": "'B' || p.new",
        "state": "(ARRAY['filed','dispatched','fed_back','closed'])[1 + p.new %% 4]",
        "due_at": "now() + (p.new %% 9000 - 3000) * interval '1 minute'",
        "orange_at": "now() + (p.new %% 9000 - 3600) * interval '1 minute'",
        "yellow_at": "now() + (p.new %% 9000 - 4200) * interval '1 minute'",
        "closed_at": "now()",
        "title": "CASE WHEN p.new %% 500 = 0 THEN '桥头水管漏水' ELSE '秦山路路灯不亮' END",
    }
    copy(admin, "cases_case", "id", changed)
    copy(admin, "cases_round", "case_id", {"case_id": "p.new"})
    copy(admin, "cases_part", "case_id", {"case_id": "p.new", "round_id": "r.id"})
    admin.execute("DROP TABLE pairs")
    admin.execute("ANALYZE")


def copy(admin: Any, table: str, key: str, changed: dict[str, str]) -> None:
    """Copy the rows of a table for each pair, with some columns changed."""
    rows = admin.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND (column_name <> 'id' OR %s) AND is_generated = 'NEVER'",
        [table, table == "cases_case"],
    ).fetchall()
    names = [f'"{name}"' for (name,) in rows]
    values = [changed.get(name, f't."{name}"') for (name,) in rows]
    joined = "JOIN cases_round r ON r.case_id = p.new AND r.no = 1" if "round_id" in changed else ""
    question = f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} t"
    question += f" JOIN pairs p ON p.old = t.{key} {joined}"
    admin.execute(question.replace("%%", "%"))


# -- inside the surroundings of a real installation ------------------------------------------------


def timed(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median seconds of some runs."""
    found = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def counted(work: Callable[[], object]) -> int:
    """Return how many statements `work` sends, transaction words aside."""
    from django.db import connection

    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return sum(not s.startswith(("SAVEPOINT", "RELEASE")) for s in sent)


class People:
    """The thread's people, by username, with their scopes."""

    def __init__(self) -> None:
        import io

        from PIL import Image

        from bihuan.kernel.ground.events.types import Door
        from bihuan.kernel.ground.registry import api as registry
        from bihuan.kernel.ground.registry.types import HANDLING
        from bihuan.platform import clock
        from bihuan.platform.accounts.models import User
        from bihuan.platform.files import store

        self.at = clock.now()
        self.scope = {
            who: registry.scope_for(
                account_id=User.objects.get(username=who).pk,
                origin_door=Door.WEB,
                purpose=HANDLING,
                at=self.at,
            )
            for who in ("lu", "mei", "zongzhi", "verifier")
        }
        out = io.BytesIO()
        Image.new("RGB", (60, 40), "gold").save(out, "JPEG")
        self.photo = store.receive_photo(io.BytesIO(out.getvalue()), at=self.at)
        found = registry.find_unit_by_code("330424-zongzhi")
        assert found is not None
        self.unit = found.id

    def send(self, who: str, name: str, effect: Callable[[Any], Any]) -> Any:
        """Carry out one idempotent command."""
        from bihuan.kernel.ground.registry.web import with_command
        from bihuan.platform.web.commands import Sent, perform

        command_id, kept = uuid.uuid4(), []
        scope = with_command(self.scope[who], command_id)
        sent = Sent(command_id, f"bench.{name}", f"account:{who}", {"bench": name})

        def act() -> dict[str, Any]:
            kept.append(effect(scope))
            return {"done": name}

        perform(sent, act, at=self.at)
        return kept[0]


def walk(people: People) -> None:
    """Walk one matter through the thread."""
    from bihuan.kernel.affairs.cases import api as cases
    from bihuan.kernel.affairs.cases.types import Detail, MoveName, NewPart, Role
    from bihuan.scenes.appeals.operations import Report, report

    at = people.at
    said = Report("秦山路路灯不亮，晚上看不清路。", "330424005", class_code="street_lamp")
    case = people.send("lu", "report", lambda s: report(said, scope=s, at=at)).case_id

    def part(move: str, detail: Detail) -> None:
        name = MoveName(move)
        people.send(
            "zongzhi",
            move,
            lambda s: cases.move_part(key, move=name, scope=s, at=at, detail=detail),
        )

    file = MoveName("file")
    people.send("mei", "file", lambda s: cases.move_case(case, move=file, scope=s, at=at))
    parts = [NewPart(people.unit, Role.LEAD)]
    given = people.send(
        "mei", "dispatch", lambda s: cases.dispatch_case(case, parts=parts, scope=s, at=at)
    )
    key = given.part_id
    part("sign", Detail())
    part("feed_back", Detail(words="换了灯", photos=(people.photo,)))
    check = cases.Check(visit_id=uuid.uuid4(), cleared=True)
    people.send("verifier", "verify", lambda s: cases.verify_case(case, check, scope=s, at=at))


def by_hand() -> None:
    """Do the least that stores the same: five statements, five commits."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(OPEN, ["秦山路路灯不亮"])
        (case,) = cursor.fetchone()
        for state in MOVES:
            cursor.execute(MOVE, [state, case, state])


def thread() -> None:
    """Measure W1a."""
    people = People()
    walk(people)
    by_hand()
    statements = counted(lambda: walk(people))
    ours = timed(lambda: [walk(people) for _ in range(CASES)])
    limit = timed(lambda: [by_hand() for _ in range(CASES * 5)]) / 5
    ratio = limit / ours
    print(
        f"W1a thread | {CASES / ours:.1f} cases/s | by hand {CASES / limit:.0f} cases/s | "
        f"ratio {ratio:.3f} (bar 0.15) | {statements / 6:.1f} statements a step of six (bar 6)",
        flush=True,
    )


PAGE_BY_HAND = """
    SELECT c.*, a.name FROM cases_case c JOIN registry_area a ON a.id = c.area_id
    WHERE c.area_path LIKE %s AND c.state IN ('filed', 'returned') AND c.due_at <= %s AND NOT paused
    ORDER BY c.due_at, c.id LIMIT 51
"""
COUNT_BY_HAND = """
    SELECT count(*) FROM (SELECT 1 FROM cases_case c WHERE c.area_path LIKE %s
    AND c.state IN ('filed', 'returned') AND c.due_at <= %s AND NOT paused LIMIT 10001) c
"""


def page_by_hand(path: str, at: Any) -> None:
    """Ask for the page and its count in SQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        for question in (PAGE_BY_HAND, COUNT_BY_HAND):
            cursor.execute(question, [f"{path}%", at])
            cursor.fetchall()


def worklist(size: int) -> None:
    """Measure W1b at one size."""
    from bihuan.kernel.affairs.cases import api as cases
    from bihuan.kernel.affairs.cases.types import Filter

    people = People()
    scope, at = people.scope["mei"], people.at
    red = Filter(tray="dispatch", band="red")
    words = Filter(text="水管")

    def ask(wanted: Filter) -> Callable[[], object]:
        return lambda: cases.list_cases(scope=scope, wanted=wanted, at=at)

    path = scope.area_paths[0]
    page_by_hand(path, at)
    ask(red)()
    limit = timed(lambda: page_by_hand(path, at), 9)
    ours, search = timed(ask(red), 9), timed(ask(words), 5)
    print(
        f"W1b worklist among {size:,} | {ours * 1000:.1f} ms | by hand {limit * 1000:.1f} ms | "
        f"{ours / limit:.1f} times (bar 4) | {counted(ask(red))} statements (bar 8) | "
        f"two-character search {search * 1000:.0f} ms (bar 50 at 1,000,000)",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] != ["inside"]:
        sys.exit(main())
    import django

    django.setup()
    if sys.argv[2] == "thread":
        thread()
    else:
        worklist(int(sys.argv[2]))
