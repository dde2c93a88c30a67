"""A load with faults, in pieces that are kept: a long run can be watched, stopped and taken up.

Each piece begins with no matters, ends with everybody answered and everything checked. In the full
form its tally is kept in ``var/trust`` under the commit, and a piece that stands there is not run
again. ``BIHUAN_TRUST_N`` sets the number of faults, ``BIHUAN_TRUST_MINUTES`` ends a run early.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.trust import checks, report
from tests.trust.harness import DURABLE, REAL, Town
from tests.trust.thread import Person, Told

SEED = os.environ.get("BIHUAN_TRUST_SEED", "2026-06")
PEOPLE = 4
MOST = 2
"""Of what went wrong so many examples are kept in words."""
Fault = Callable[[Town, random.Random], None]
Place = tuple[Town, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to whom."""

    name: str
    fault: Fault
    application: str = REAL
    settings: dict[str, str] | None = None
    lossy: float = 0.1
    workers: int = 2
    pauses: tuple[float, float] = (0.05, 0.5)
    piece: int = 25

    @property
    def is_control(self) -> bool:
        """Return whether a safety was taken away."""
        return self.settings is not None or "split" in self.application


@dataclass(slots=True)
class Tally:
    """What came of it."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    replays: int = 0
    different: int = 0
    mismatches: int = 0
    taken_otherwise: int = 0
    broken: int = 0
    caught: int = 0
    """In how many kills something acknowledged went missing or could not go on."""
    seconds: float = 0
    restarts: int = 0
    supervisors: int = 0
    recoveries: list[float] = field(default_factory=list)
    """Seconds from each fault to the second answer after it."""
    examples: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """Return how much went wrong."""
        faults = (self.lost, self.doubled, self.wrong, self.different, self.taken_otherwise)
        return sum(faults) + self.broken

    def add(self, other: Tally) -> None:
        """Take in the tally of a further piece."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

    def back(self) -> str:
        """Say how soon work went on."""
        took = sorted(self.recoveries)
        at = lambda share: took[min(len(took) - 1, int(share * len(took)))]  # noqa: E731
        return f"back at work p50 {at(0.5):.2f} s, p95 {at(0.95):.2f} s, max {took[-1]:.2f} s"


def run(place: Place, plan: Plan, kills: int) -> Tally:
    """Run a plan piece by piece and return the sum; say how far it is."""
    whole, began = Tally(), time.monotonic()
    minutes = float(os.environ.get("BIHUAN_TRUST_MINUTES", "1000"))
    for no, size in enumerate(_pieces(kills, plan.piece)):
        kept = _kept(plan, no, size)
        if kept is None and time.monotonic() - began > minutes * 60:
            print(f"trust: {plan.name}: the minutes are over after {whole.kills} kills")
            break
        tally = kept or _piece(place, plan, no, size)
        if kept is None:
            _keep(plan, no, tally)
        whole.add(tally)
        print(
            f"trust: {plan.name}: {whole.kills} of {kills} kills, {whole.acknowledged} "
            f"acknowledged, {whole.bad} bad, {whole.seconds:.0f} s{' (kept)' if kept else ''}",
            flush=True,
        )
    return whole


def _pieces(kills: int, piece: int) -> Iterator[int]:
    for done in range(0, kills, piece):
        yield min(piece, kills - done)


def _file(plan: Plan) -> Path:
    return report.ROOT / "var" / "trust" / f"{report.commit()}-{SEED}-{plan.name}.jsonl"


def _kept(plan: Plan, no: int, size: int) -> Tally | None:
    if not report.is_full() or not _file(plan).exists():
        return None
    for line in _file(plan).read_text().splitlines():
        raw = json.loads(line)
        if (raw.pop("no"), raw["kills"]) == (no, size):
            return Tally(**raw)
    return None


def _keep(plan: Plan, no: int, tally: Tally) -> None:
    if not report.is_full():
        return
    _file(plan).parent.mkdir(parents=True, exist_ok=True)
    with _file(plan).open("a") as out:
        out.write(json.dumps({"no": no, **asdict(tally)}) + "\n")


def _piece(place: Place, plan: Plan, no: int, kills: int) -> Tally:
    """Let people work while faults happen; then let them finish, and check."""
    town, made = place
    began, told = time.monotonic(), Told()
    dice = random.Random(f"{SEED}:{plan.name}:{no}")
    town.workers = plan.workers
    town.open(plan.application, plan.settings or DURABLE)
    checks.empty(town.server.url("bihuan"))
    people = [
        Person(town, made, told, f"{SEED}:{plan.name}:{no}:{n}", plan.lossy) for n in range(PEOPLE)
    ]
    if plan.is_control:
        for person in people:
            person.most_faults = 25
    tally, first = Tally(), town.kills
    for person in people:
        person.start()
    try:
        _wait_for_answers(town, told)
        for _ in range(kills):
            time.sleep(dice.uniform(*plan.pauses))
            struck = time.monotonic()
            plan.fault(town, dice)
            _wait_for_answers(town, told)
            tally.recoveries.append(round(time.monotonic() - struck, 3))
    finally:
        for person in people:
            person.stopping.set()
    _join(town, people)
    _count(tally, told, checks.check(town.server.url("bihuan"), told), town.kills - first)
    tally.restarts, tally.supervisors = town.restarts, len(town.supervisors) - 1
    town.close_web()
    tally.seconds = round(time.monotonic() - began, 1)
    return tally


def _count(tally: Tally, told: Told, found: checks.Found, kills: int) -> None:
    tally.kills, tally.acknowledged = kills, len(told.acknowledged)
    tally.lost, tally.doubled, tally.wrong = len(found.lost), len(found.doubled), len(found.wrong)
    tally.replays, tally.different = told.replays, len(told.different)
    tally.mismatches, tally.taken_otherwise = told.mismatches, len(told.taken_otherwise)
    tally.broken = len(told.broken)
    marks = {c.kill + 1 for c in found.lost} | {kill for _n, _s, kill in told.broken}
    tally.caught = min(len(marks), kills)
    lost = [f"lost: {c.name}" for c in found.lost]
    for said in (lost, found.doubled, found.wrong, told.different, told.taken_otherwise):
        tally.examples += said[:MOST]
    tally.examples += [f"refused though next: {one}" for one in told.broken[:MOST]]


def _join(town: Town, people: list[Person]) -> None:
    deadline = time.monotonic() + 300
    for person in people:
        while person.is_alive() and time.monotonic() < deadline:
            town.keep()
            person.join(0.1)
    assert not any(person.is_alive() for person in people), "somebody waits for ever"


def _wait_for_answers(town: Town, told: Told) -> None:
    """Wait until work goes on: a kill of an idle house proves nothing."""
    before = len(told.acknowledged) + len(told.broken)
    deadline = time.monotonic() + 300
    while len(told.acknowledged) + len(told.broken) < before + 2:
        assert time.monotonic() < deadline, "the house did not come back by itself"
        town.keep()
        time.sleep(0.01)
