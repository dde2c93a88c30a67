"""W1a: a matter through the thread.

W1a walks matters through the real operations (report, file, dispatch, sign, feed back, verify: six
idempotent commands, policies, clocks, facts and outbox included) as the run-time role with
durability on, beside five hand-written statements with five commits on the same server in the same
run, and beside a ticket of django-helpdesk through its own form and functions. One connection; the
photo is stored beforehand; scopes are made once. Only ratios of one run count.
``python -m bench w1_thread``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from bench.peers import with_helpdesk

CASES, RUNS = 40, 3
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
        with psycopg.connect(town.server.url(), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE peer OWNER {OWNER}")
        peer = with_helpdesk.install(town.home / "peer")
        beside = [str(peer), town.server.url("peer", OWNER)] if peer else []
        command = [sys.executable, "-W", "ignore", "-m", "bench.w1_thread", "inside", *beside]
        done = subprocess.run(command, cwd=ROOT, env=town.surroundings(), check=False)
        return done.returncode
    finally:
        town.close()


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

    def __init__(self, who: tuple[str, ...] = ("lu", "mei", "zongzhi", "verifier")) -> None:
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
            name: registry.scope_for(
                account_id=User.objects.get(username=name).pk,
                origin_door=Door.WEB,
                purpose=HANDLING,
                at=self.at,
            )
            for name in who
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


def thread(beside: list[str]) -> None:
    """Measure W1a; `beside` is the python of the peer and its database."""
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
    peer = with_helpdesk.measure(beside[0], beside[1], CASES) if beside else None
    if peer is not None:
        seconds, sent = peer
        print(
            f"W1a django-helpdesk | {1 / seconds:.1f} tickets/s | "
            f"ratio {limit / CASES / seconds:.3f} | {sent:.0f} statements a ticket of five steps",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] != ["inside"]:
        sys.exit(main())
    import django

    django.setup()
    thread(sys.argv[2:])
