"""Kill the database, kill a web worker, lose the answer: under the load of the whole loop.

Goal sheet 1 and 6. ``make trust`` runs the full form; see `runs.py` for what sets its size.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.trust import report
from tests.trust.harness import AFTER_COMMIT, FORGETFUL, SPLIT_KEY, UNCHECKED, Town
from tests.trust.runs import SEED, Place, Plan, Tally, run

pytestmark = [pytest.mark.trust]


def _count(short: int, full: int) -> int:
    return int(os.environ.get("BIHUAN_TRUST_N", full if report.is_full() else short))


CONTROL_KILLS = 20 if report.is_full() else 2
FULL = report.is_full()


def _kill_database(town: Town, _dice: random.Random) -> None:
    town.kill_database()


def _kill_worker(town: Town, dice: random.Random) -> None:
    town.kill_worker(dice)


def _kill_at_fail_point(town: Town, _dice: random.Random) -> None:
    town.kill_worker_at_fail_point()


def _kill_database_at_fail_point(town: Town, _dice: random.Random) -> None:
    town.kill_database_at_fail_point()


DATABASE = Plan("database", _kill_database, pauses=(0.05, 6.0) if FULL else (0.05, 0.5))
FROM_MEMORY = Plan(
    "from-memory", _kill_database, application=UNCHECKED, settings=FORGETFUL, lossy=0
)
SPLIT = Plan("split-database", _kill_database_at_fail_point, application=SPLIT_KEY, lossy=0)
WORKER = Plan("worker", _kill_worker, lossy=0.3, workers=4)
ANSWERLESS = Plan("after-commit", _kill_at_fail_point, application=AFTER_COMMIT, lossy=0.1)
SPLIT_WORKER = Plan("split-worker", _kill_at_fail_point, application=SPLIT_KEY, lossy=0)


def _assert_whole(tally: Tally) -> None:
    assert tally.bad == 0, tally.examples
    assert tally.acknowledged > 2 * tally.kills


def _delivered(town: Town) -> str:
    left = town.run_world("deliver")
    assert (left["pending"], left["dead"]) == (0, 0)
    return f"outbox of the last piece: {left['done']} deliveries done, 0 pending, 0 dead"


def _said(tally: Tally) -> str:
    return (
        f"acknowledged {tally.acknowledged}, lost {tally.lost}, doubled {tally.doubled}, orphans "
        f"and histories {tally.wrong}; answers thrown away and asked again {tally.replays}, of "
        f"them different {tally.different}; ids sent with something changed {tally.mismatches}, "
        f"of them not refused by 422 {tally.taken_otherwise}; refused though next {tally.broken}"
    )


def test_nothing_acknowledged_is_lost_when_the_database_is_killed(town: Place) -> None:
    tally = run(town, DATABASE, _count(5, 300))
    outbox = _delivered(town[0]) if tally.acknowledged else ""
    memory, split = (run(town, plan, CONTROL_KILLS) for plan in (FROM_MEMORY, SPLIT))
    report.tell(
        report.Line(
            "kill the database under the loop",
            tally.kills,
            tally.bad,
            f"caught {memory.caught} of {memory.kills} (commits from memory), "
            f"{split.caught} of {split.kills} (split key)",
            tally.seconds,
            SEED,
        ),
        _said(tally),
        f"{tally.back()}; {outbox}",
        f"commits from memory: {memory.lost} acknowledged lost; split key: "
        f"{split.lost} effects swallowed, {split.broken} people stuck",
    )
    _assert_whole(tally)
    assert memory.lost, "the control lost nothing: this test could not see a loss"
    assert split.caught, "the split key was not caught: this test could not see it"


def test_a_killed_web_worker_and_a_lost_answer_do_nothing_twice(town: Place) -> None:
    anywhere = run(town, WORKER, _count(5, 400))
    answerless = run(town, ANSWERLESS, _count(3, 100))
    split = run(town, SPLIT_WORKER, CONTROL_KILLS)
    tally = Tally()
    tally.add(anywhere)
    tally.add(answerless)
    report.tell(
        report.Line(
            "kill a web worker, lose the answer",
            tally.kills,
            tally.bad,
            f"caught {split.caught} of {split.kills} (split key)",
            tally.seconds,
            SEED,
        ),
        _said(tally),
        f"{anywhere.kills} kills anywhere: {anywhere.back()}; {answerless.kills} kills between "
        f"commit and answer: {answerless.back()}; web server started again {tally.restarts} times",
    )
    _assert_whole(tally)
    assert tally.replays > 0
    assert split.caught, "the split key was not caught: this test could not see it"
