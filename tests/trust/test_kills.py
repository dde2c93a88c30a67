"""Kill the database, kill a web worker, lose the answer: under the load of the real thread.

Goal sheet 1 and 6. ``make trust`` runs the full form; ``BIHUAN_TRUST_DB_KILLS``,
``BIHUAN_TRUST_WORKER_KILLS`` and ``BIHUAN_TRUST_SEED`` set its size and its dice.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.trust import checks, report
from tests.trust.harness import DURABLE, FORGETFUL, REAL, SPLIT_KEY, UNCHECKED, Town
from tests.trust.thread import Person, Told

pytestmark = [pytest.mark.trust]

PEOPLE = 4
SEED = os.environ.get("BIHUAN_TRUST_SEED", "2026-06")


def _count(name: str, short: int, full: int) -> int:
    return int(os.environ.get(name, full if report.is_full() else short))


DATABASE_KILLS = _count("BIHUAN_TRUST_DB_KILLS", 8, 300)
WORKER_KILLS = _count("BIHUAN_TRUST_WORKER_KILLS", 6, 500)
CONTROL_KILLS = _count("BIHUAN_TRUST_CONTROL_KILLS", 2, 20)


@dataclass(slots=True)
class Phase:
    """One load with its faults."""

    told: Told
    found: checks.Found
    kills: int
    seconds: float
    slowest: float
    """Seconds from a kill to the second answer after it, at worst."""

    @property
    def caught(self) -> int:
        """Return in how many kills something acknowledged went missing or could not go on."""
        marks = {c.kill + 1 for c in self.found.lost} | {kill for _n, _s, kill in self.told.broken}
        return min(len(marks), self.kills)


@pytest.fixture(scope="module")
def town() -> Iterator[tuple[Town, dict[str, Any]]]:
    """Return a built town and its sessions."""
    built = Town()
    try:
        yield built, built.build()
    finally:
        built.close()


def _load(
    place: tuple[Town, dict[str, Any]],
    kills: int,
    fault: Callable[[Town, random.Random], None],
    *,
    name: str,
    application: str = REAL,
    settings: dict[str, str] | None = None,
    lossy: float = 0.1,
    workers: int = 2,
) -> Phase:
    """Let people work while faults happen; then let them finish, and check."""
    town, made = place
    began, told, dice = time.monotonic(), Told(), random.Random(f"{SEED}:{name}")
    town.workers = workers
    town.open(application, settings or DURABLE)
    checks.empty(town.server.url("bihuan"))
    people = [Person(town, made, told, f"{SEED}:{name}:{n}", lossy) for n in range(PEOPLE)]
    if (application, settings) != (REAL, None):
        for person in people:
            person.most_faults = 25
    first = town.kills
    for person in people:
        person.start()
    slowest = 0.0
    try:
        _wait_for_answers(town, told)
        for _ in range(kills):
            time.sleep(dice.uniform(0.05, 0.5))
            fault(town, dice)
            slowest = max(slowest, _wait_for_answers(town, told))
    finally:
        for person in people:
            person.stopping.set()
    for person in people:
        while person.is_alive() and time.monotonic() - began < 7200:
            town.keep()
            person.join(0.5)
    assert not any(person.is_alive() for person in people), "somebody waits for ever"
    found = checks.check(town.server.url("bihuan"), told)
    town.close_web()
    return Phase(told, found, town.kills - first, time.monotonic() - began, slowest)


def _wait_for_answers(town: Town, told: Told) -> float:
    """Wait until work goes on, and return the seconds: a kill of an idle house proves nothing."""
    before, began = len(told.acknowledged) + len(told.broken), time.monotonic()
    deadline = began + 60
    while len(told.acknowledged) + len(told.broken) < before + 2:
        assert time.monotonic() < deadline, "the house did not come back by itself"
        town.keep()
        time.sleep(0.02)
    return time.monotonic() - began


def _kill_database(town: Town, _dice: random.Random) -> None:
    town.kill_database()


def _kill_worker(town: Town, dice: random.Random) -> None:
    town.kill_worker(dice)


def _kill_at_fail_point(town: Town, _dice: random.Random) -> None:
    town.kill_worker_at_fail_point()


def _assert_whole(phase: Phase) -> None:
    assert phase.found.lost == []
    assert phase.found.doubled == []
    assert phase.found.wrong == []
    assert phase.told.different == []
    assert phase.told.broken == []
    assert len(phase.told.acknowledged) > 2 * phase.kills


def _delivered(town: Town) -> str:
    left = town.run_world("deliver")
    assert (left["pending"], left["dead"]) == (0, 0)
    return f"{left['done']} deliveries done, 0 pending, 0 dead"


def test_nothing_acknowledged_is_lost_when_the_database_is_killed(
    town: tuple[Town, dict[str, Any]],
) -> None:
    phase = _load(town, DATABASE_KILLS, _kill_database, name="database")
    outbox = _delivered(town[0])
    forgetful = _load(
        town,
        CONTROL_KILLS,
        _kill_database,
        name="forgetful",
        application=UNCHECKED,
        settings=FORGETFUL,
        lossy=0,
    )
    split = _load(town, CONTROL_KILLS, _kill_database, name="split", application=SPLIT_KEY, lossy=0)
    told = phase.told
    bad = phase.found.bad + len(told.different) + len(told.broken)
    report.tell(
        report.Line(
            "kill the database under the thread",
            phase.kills,
            bad,
            f"caught {forgetful.caught} of {forgetful.kills} (commits from memory), "
            f"{split.caught} of {split.kills} (split key)",
            phase.seconds,
            SEED,
        ),
        f"acknowledged {len(told.acknowledged)}, lost {len(phase.found.lost)}, "
        f"doubled {len(phase.found.doubled)}, replayed {told.replays}, "
        f"back at work after {phase.slowest:.1f} s at worst, "
        f"of them different {len(told.different)}; orphans and histories "
        f"{len(phase.found.wrong)}; refused though next {len(told.broken)}; {outbox}",
        f"commits from memory: {len(forgetful.found.lost)} acknowledged lost; split key: "
        f"{len(split.found.lost)} effects swallowed, {len(split.told.broken)} people stuck",
    )
    _assert_whole(phase)
    assert forgetful.found.lost, "the control lost nothing: this test could not see a loss"
    assert split.caught, "the split key was not caught: this test could not see it"


def test_a_killed_web_worker_and_a_lost_answer_do_nothing_twice(
    town: tuple[Town, dict[str, Any]],
) -> None:
    phase = _load(town, WORKER_KILLS, _kill_worker, name="worker", lossy=0.2, workers=4)
    split = _load(
        town, CONTROL_KILLS, _kill_at_fail_point, name="split-w", application=SPLIT_KEY, lossy=0
    )
    told = phase.told
    bad = phase.found.bad + len(told.different) + len(told.broken)
    report.tell(
        report.Line(
            "kill a web worker, lose the answer",
            phase.kills,
            bad,
            f"caught {split.caught} of {split.kills} (split key)",
            phase.seconds,
            SEED,
        ),
        f"acknowledged {len(told.acknowledged)}, lost {len(phase.found.lost)}, "
        f"doubled {len(phase.found.doubled)}, answers thrown away and asked again {told.replays}, "
        f"of them different {len(told.different)}; refused though next {len(told.broken)}; back at "
        f"work after {phase.slowest:.1f} s at worst; web server started again "
        f"{town[0].restarts} times, its supervisor {len(town[0].supervisors) - 1} times",
    )
    _assert_whole(phase)
    assert told.replays > 0
    assert split.caught, "the split key was not caught: this test could not see it"
