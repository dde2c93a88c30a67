"""W8: growth. Double the rows: a batch takes less than 2.2 times as long, a page as long as before.

Batches run at N and 2 N rows in one town: taking in a file, opening in bulk, firing the rungs of
deadlines, bringing facts to who listens, learning the classifier. Pages are asked among M and 2 M
matters, spread over the same months: the month doubles too, and with it what its figures read.
``python -m bench w8 [M]``; only the factors count.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.w1_thread import People, timed, walk

MATTERS = 100_000
ROWS = 1_000
BAR_BATCH, BAR_PAGE = 2.2, 1.3


def main(matters: int = MATTERS) -> int:
    """Build a town, measure at one size and at twice that, print the factors."""
    import psycopg

    from bench import filling
    from tests.trust.harness import ROOT, Town

    town = Town()
    found: list[dict[str, float]] = []
    try:
        sessions = json.dumps(town.build()["sessions"])
        command = [sys.executable, "-W", "ignore", "-m", "bench.w8_growth", "inside"]

        def inside(*words: str) -> dict[str, float]:
            done = subprocess.run(
                [*command, *words],
                cwd=ROOT,
                env=town.surroundings(),
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            return dict(json.loads(done.stdout.splitlines()[-1]))

        inside("first")
        batches = [inside("batches", str(n)) for n in (ROWS, 2 * ROWS)]
        with psycopg.connect(town.server.url("bihuan"), autocommit=True) as admin:
            filling.prepare(admin)
            for size in (matters, 2 * matters):
                filling.fill(admin, size)
                found.append(inside("pages", sessions))
    finally:
        town.close()
    for name, (once, twice), bar in (
        *((n, (batches[0][n], batches[1][n]), BAR_BATCH) for n in batches[0]),
        *((n, (found[0][n], found[1][n]), BAR_PAGE) for n in found[0]),
    ):
        factor = twice / once
        print(
            f"W8 {name:34} {once * 1000:9.1f} ms -> {twice * 1000:9.1f} ms"
            f"   {factor:5.2f} times (bar {bar})"
        )
    return 0


# -- inside the surroundings of a real installation ------------------------------------------------


def batches(count: int) -> dict[str, float]:
    """Measure each batch once, at `count` rows."""
    found: dict[str, float] = {}
    for name, work in _batches(count):
        began = time.perf_counter()
        work()
        found[name] = time.perf_counter() - began
    return found


def _batches(count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    from bihuan.kernel.affairs.cases.types import MAY_RAISE
    from bihuan.kernel.ground.clocks import api as clocks
    from bihuan.kernel.ground.events import api as events
    from bihuan.kernel.ground.registry import api as registry
    from bihuan.platform import clock

    scope, at = registry.system_scope("bench", (MAY_RAISE,)), clock.now()
    later = clock.midnight(clock.business_date(at)) + timedelta(hours=36)
    yield "take a file in", lambda: _take_in(count, scope, at)
    yield "open in bulk", lambda: _open(count, scope, at)
    yield "fire the rungs of deadlines", lambda: clocks.fire_due_rungs(at=later)
    yield "bring facts to who listens", lambda: events.deliver_pending(at=later, limit=count // 5)
    yield "learn the classifier", lambda: _learn(count)


def _take_in(count: int, scope: Any, at: datetime) -> None:
    from bench.w1c_import import write_file
    from bihuan.scenes.appeals.importing import running
    from bihuan.scenes.appeals.importing.types import Options

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{count}.csv"
        write_file(path, count)
        file = running.open_file(path, Options(source="hotline"))
        run = running.begin(file, name=path.name, scope=scope, at=at)
        running.carry_on(run.id, file, scope=scope, at=at)


def _open(count: int, scope: Any, at: datetime) -> None:
    from bihuan.kernel.affairs.cases import api as cases
    from bihuan.kernel.affairs.cases.types import APPEAL, Raise
    from bihuan.kernel.ground.registry.types import AreaPath

    area = AreaPath("3304/330424/330424005/330424005004/")
    what = [
        Raise(APPEAL, said, "", "street_lamp", area, "mailbox", source_key=f"{count}-{n}")
        for n, said in enumerate(_texts(count))
    ]
    for start in range(0, count, 1000):
        cases.open_cases(what[start : start + 1000], scope=scope, at=at)


def _learn(count: int) -> None:
    from bench.w1c_import import WHAT
    from bihuan.platform.learning.training import train

    train([_texts(count)], [WHAT[n % 5] for n in range(count)])


def _texts(count: int) -> list[str]:
    from bench.w1c_import import WHAT, WHERE

    return [f"{n % 91} {WHERE[n % 7]}{WHAT[n % 5]}，已经{n % 83}天了" for n in range(count)]


def pages(sessions: dict[str, str]) -> dict[str, float]:
    """Measure each page at the size that stands."""
    from bench.w1b_lists import page_of
    from bihuan.kernel.affairs.cases import api as cases
    from bihuan.kernel.affairs.cases.types import Filter
    from bihuan.kernel.ground.registry.types import AreaPath
    from bihuan.kernel.sight.indices import api as indices

    people = People(("mei", "leader", "verifier", "lu", "zongzhi"))
    at, county = people.at, AreaPath("3304/330424/")
    leader = people.scope["leader"]
    row = cases.list_cases(scope=people.scope["mei"], wanted=Filter(tray="dispatch"), at=at).rows[0]
    asked: dict[str, Callable[[], Any]] = {
        "page: worklist": page_of(sessions["mei"], "/desk/?tray=dispatch"),
        "page: one matter": page_of(sessions["mei"], f"/desk/matter/{row.id}/"),
        "page: my matters": page_of(sessions["lu"], "/matters/"),
        "wall: tiles": lambda: indices.list_wall_values(scope=leader, at=at, area=county),
        "wall: map of the index": lambda: indices.get_region(scope=leader, at=at),
        "wall: rungs": lambda: indices.list_overdue_rungs(scope=leader, at=at, area=county),
        "all figures": lambda: indices.list_values(scope=leader, at=at, area=county),
        "open figures": lambda: indices.get_open_figures("330424", at=at),
    }
    found = {}
    for name, ask in asked.items():
        ask()
        found[name] = timed(ask, 5)
    return found


if __name__ == "__main__":
    if sys.argv[1:2] != ["inside"]:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else MATTERS))
    import django

    django.setup()
    told: dict[str, float] = {}
    if sys.argv[2] == "first":
        walk(People())
    elif sys.argv[2] == "batches":
        told = batches(int(sys.argv[3]))
    else:
        told = pages(json.loads(sys.argv[3]))
    print(json.dumps(told))
