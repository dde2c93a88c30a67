"""Rungs: complete, once each, with several workers and with kills; suspensions and extensions."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.models import Rung, TimerRow
from bihuan.kernel.ground.clocks.operations import rungs
from bihuan.kernel.ground.clocks.types import Budget, Timer, Unit
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Ref
from bihuan.platform.clock import CHINA
from bihuan.platform.jobs import failpoints

TEN_HOURS = Budget(10, Unit.HOURS)
FIVE_DAYS = Budget(5, Unit.WORK_DAYS)
REACHED = "clocks.rung_reached.v1"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def _start(n: int, started: str, budget: Budget = TEN_HOURS) -> list[Timer]:
    return clocks.start_timers(
        subjects=[Ref("test.lamp", f"{started}-{k}") for k in range(n)],
        name="dispose",
        budget=budget,
        at=_at(started),
        origin=SYSTEM,
    )


def _fire(at: str) -> list[str]:
    return [rung.rung for rung in clocks.fire_due_rungs(at=_at(at))]


@pytest.mark.django_db
class TestComplete:
    def test_three_thousand_old_ones_do_not_shut_out_a_fresh_one(self) -> None:
        _start(3000, "2026-06-01T00:00")
        assert len(clocks.fire_due_rungs(at=_at("2026-06-23T18:00"), limit=500)) == 4 * 3000
        (fresh,) = _start(1, "2026-06-24T00:00")
        fired = clocks.fire_due_rungs(at=_at("2026-06-24T05:30"), limit=500)
        assert [(rung.timer_id, rung.rung) for rung in fired] == [(fresh.id, "half")]

    def test_a_pass_takes_as_many_statements_for_two_hundred_as_for_two(self) -> None:
        counts = []
        for n, started in ((2, "2026-06-24T00:00"), (200, "2026-06-25T00:00")):
            _start(n, started)
            at = _at(started) + timedelta(hours=6)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert len(clocks.fire_due_rungs(at=at)) >= n
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 12

    def test_rungs_overtaken_in_an_outage_are_kept_but_only_the_highest_is_the_latest(self) -> None:
        _start(1, "2026-06-24T00:00")
        fired = clocks.fire_due_rungs(at=_at("2026-06-29T09:00"))
        assert [(rung.rung, rung.latest, rung.overdue_days) for rung in fired] == [
            ("half", False, 0),
            ("fifth", False, 0),
            ("due", False, 0),
            ("overdue_3", True, 3),
        ]

    def test_each_working_day_at_opening_and_no_rest_day(self) -> None:
        _start(1, "2026-06-18T00:00")  # due Thursday 10:00, then the Dragon Boat Festival
        assert _fire("2026-06-18T10:00") == ["half", "fifth", "due"]
        told = {
            at: _fire(at)
            for at in (
                "2026-06-19T09:00",
                "2026-06-21T09:00",
                "2026-06-22T08:29",
                "2026-06-22T08:30",
                "2026-06-22T16:00",
                "2026-06-23T08:30",
            )
        }
        assert list(told.values()) == [[], [], [], ["overdue_1"], [], ["overdue_2"]]


@pytest.mark.django_db
class TestOnceAndNotRenewed:
    def test_a_wait_after_half_does_not_fire_half_again(self) -> None:
        (timer,) = _start(1, "2026-06-10T09:00", FIVE_DAYS)  # due on the 17th
        assert _fire("2026-06-15T16:00") == ["half"]
        clocks.suspend_timer(
            timer.id, reason="rain", review_at=None, at=_at("2026-06-16T09:00"), origin=SYSTEM
        )
        assert _fire("2026-06-18T18:00") == []  # a waiting clock is silent
        clocks.resume_timer(timer.id, at=_at("2026-06-18T18:00"), origin=SYSTEM)
        assert clocks.get_timer(timer.id).due.at == _at("2026-06-22T17:00")
        assert _fire("2026-06-18T18:01") == []
        assert _fire("2026-06-22T17:00") == ["fifth", "due"]

    def test_after_an_extension_the_new_due_time_counts(self) -> None:
        (timer,) = _start(1, "2026-06-24T00:00")
        assert _fire("2026-06-24T08:30") == ["half", "fifth"]
        clocks.extend_timer(
            timer.id, amount=10, approved_by="duty", at=_at("2026-06-24T09:00"), origin=SYSTEM
        )
        told = [_fire(f"2026-06-24T{at}") for at in ("09:59", "10:00", "16:00", "20:00")]
        assert told == [[], ["half"], ["fifth"], ["due"]]
        kept = clocks.get_timer(timer.id)
        assert (kept.was_due_at, kept.due.at) == (_at("2026-06-24T10:00"), _at("2026-06-24T20:00"))

    def test_rework_keeps_the_due_time_and_what_was_said(self) -> None:
        (timer,) = _start(1, "2026-06-24T00:00")
        assert _fire("2026-06-24T10:00") == ["half", "fifth", "due"]
        clocks.stop_timer(timer.id, at=_at("2026-06-24T11:00"), origin=SYSTEM)
        assert _fire("2026-06-25T09:00") == []
        clocks.reopen_timer(timer.id, at=_at("2026-06-26T09:00"), origin=SYSTEM)
        assert _fire("2026-06-26T09:01") == ["overdue_2"]


@pytest.mark.django_db(transaction=True)
class TestWorkersAndKills:
    def test_a_killed_pass_leaves_no_trace_and_the_next_fires_all(self) -> None:
        _start(20, "2026-06-24T00:00")
        with failpoints.armed("clocks.rungs_fired"), pytest.raises(failpoints.Killed):
            _fire("2026-06-24T06:00")
        assert (Rung.objects.count(), events.count_facts(name=REACHED)) == (0, 0)
        assert _fire("2026-06-24T06:00") == ["half"] * 20
        assert events.count_facts(name=REACHED) == 20

    def test_two_workers_with_the_key_fire_once(self) -> None:
        assert _two_workers() == (1, 1)

    def test_control_without_the_key_they_double(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE clocks_rung DROP CONSTRAINT clocks_rung_once")
        try:
            assert _two_workers(on_conflict="") == (2, 2)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM clocks_rung")
                cursor.execute(
                    "ALTER TABLE clocks_rung ADD CONSTRAINT clocks_rung_once "
                    "UNIQUE (timer_id, rung, moment)"
                )


def _two_workers(on_conflict: str = "ON CONFLICT (timer_id, rung, moment) DO NOTHING"):
    """Let a second worker look while the first has fired and not committed; both see nothing."""
    _start(1, "2026-06-24T00:00")
    # Without SKIP LOCKED both workers look at the same clock: the key alone must hold.
    kept = rungs._FIRE
    rungs._FIRE = kept.replace("FOR NO KEY UPDATE OF t SKIP LOCKED", "").replace(
        "ON CONFLICT (timer_id, rung, moment) DO NOTHING", on_conflict
    )
    fired: list[int] = []
    looking, first_done = threading.Barrier(2, timeout=20), threading.Event()

    def pause() -> None:
        """Hold the first transaction open until the second worker has begun to insert."""
        if not first_done.is_set():
            first_done.set()
            looking.wait()
            _until_somebody_waits_or_passes()

    def work(*, second: bool) -> None:
        if second:
            first_done.wait(20)
            looking.wait()
        fired.append(len(clocks.fire_due_rungs(at=_at("2026-06-24T06:00"))))
        connection.close()

    with failpoints.armed("clocks.rungs_fired", pause):
        workers = [threading.Thread(target=work, kwargs={"second": s}) for s in (False, True)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
    rungs._FIRE = kept
    assert len(fired) == 2
    return sum(fired), events.count_facts(name=REACHED)


def _until_somebody_waits_or_passes() -> None:
    """Wait until the other insert waits for the key, or has passed without one."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            row = cursor.fetchone()
        if row and row[0]:
            return
        threading.Event().wait(0.01)


@pytest.mark.django_db
def test_a_running_clock_for_which_nobody_answers_is_uncovered() -> None:
    before = clocks.list_uncovered(at=_at("2026-06-24T09:00"))
    (timer,) = _start(1, "2026-06-24T00:00")
    found = clocks.list_uncovered(at=_at("2026-06-24T09:00"))
    assert [(one.why, one.subject) for one in found if one not in before] == [
        ("nobody_answers", timer.subject)
    ]
    TimerRow.objects.update(stopped_at=_at("2026-06-24T09:00"))
    assert clocks.list_uncovered(at=_at("2026-06-24T09:00")) == before
