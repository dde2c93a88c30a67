"""The life of a clock: start, wait, stop, run again, extend, rungs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.models import Rung, TimerEvent, TimerRow
from bihuan.kernel.ground.clocks.rules import CHINA
from bihuan.kernel.ground.clocks.types import Budget, Unit
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Ref
from bihuan.kernel.ground.standards import api as standards

LAMP = Ref("test.lamp", "7")
FIVE_DAYS = Budget(5, Unit.WORK_DAYS)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def _start(started: str = "2026-06-17T15:52", budget: Budget = FIVE_DAYS, subject: Ref = LAMP):
    return clocks.start_timer(
        subject=subject, name="dispose", budget=budget, at=_at(started), origin=SYSTEM
    )


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Let no rule that a test took back stay in the process."""
    standards.forget()
    yield
    standards.forget()


@pytest.mark.django_db
class TestALife:
    def test_starting_twice_is_one_clock(self) -> None:
        assert _start() == _start("2026-06-18T09:00")
        assert TimerRow.objects.count() == 1

    def test_waiting_moves_the_date_and_is_told(self) -> None:
        timer = _start()
        assert timer.due.at == _at("2026-06-25T17:00")
        waiting = clocks.suspend_timer(
            timer.id, reason="photo", review_at=None, at=_at("2026-06-22T09:00"), origin=SYSTEM
        )
        assert (waiting.suspended, waiting.suspended_reason) == (True, "photo")
        again = clocks.resume_timer(timer.id, at=_at("2026-06-23T09:12"), origin=SYSTEM)
        assert (again.due.at, again.suspended) == (_at("2026-06-26T17:00"), False)
        assert clocks.get_timer(timer.id).due == again.due
        assert TimerRow.objects.get().due_at == again.due.at

    def test_an_open_wait_is_seen_from_now(self) -> None:
        timer = _start()
        clocks.suspend_timer(
            timer.id, reason="photo", review_at=None, at=_at("2026-06-22T09:00"), origin=SYSTEM
        )
        seen = clocks.get_timer(timer.id, seen_at=_at("2026-06-24T09:00"))
        assert seen.due.at == _at("2026-06-29T17:00")

    def test_running_again_keeps_the_old_due_time(self) -> None:
        timer = _start()
        clocks.stop_timer(timer.id, at=_at("2026-06-24T10:00"), origin=SYSTEM)
        again = clocks.reopen_timer(timer.id, at=_at("2026-06-25T10:00"), origin=SYSTEM)
        assert (again.due.at, again.stopped_at) == (_at("2026-06-25T17:00"), None)

    def test_an_extension_says_who_allowed_it(self) -> None:
        timer = _start()
        longer = clocks.extend_timer(
            timer.id,
            amount=2,
            approved_by="duty officer",
            at=_at("2026-06-24T10:00"),
            origin=SYSTEM,
        )
        assert (longer.due.at, longer.extended_by) == (_at("2026-06-29T17:00"), "duty officer")

    def test_a_clock_that_has_stopped_cannot_wait(self) -> None:
        timer = _start()
        clocks.stop_timer(timer.id, at=_at("2026-06-24T10:00"), origin=SYSTEM)
        before = TimerEvent.objects.count()
        with pytest.raises(clocks.UnableToTurnClock):
            clocks.suspend_timer(
                timer.id, reason="x", review_at=None, at=_at("2026-06-24T11:00"), origin=SYSTEM
            )
        assert TimerEvent.objects.count() == before

    @pytest.mark.portable
    def test_the_ledger_cannot_be_rewritten(self) -> None:
        _start()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE clocks_event SET at = now()")
        assert TimerEvent.objects.get().at == _at("2026-06-17T15:52")

    def test_many_at_once_equal_one_by_one(self) -> None:
        subjects = [Ref("test.lamp", str(n)) for n in range(3)]
        many = clocks.start_timers(
            subjects=subjects,
            name="accept",
            budget=FIVE_DAYS,
            at=_at("2026-06-17T15:52"),
            origin=SYSTEM,
        )
        assert {timer.due for timer in many} == {_start().due}


@pytest.mark.django_db
def test_a_provisional_date_moves_when_the_notice_comes() -> None:
    timer = _start("2026-12-30T10:00")
    assert (timer.due.provisional, timer.due.at) == (True, _at("2027-01-06T17:00"))
    notice = {
        "year": 2027,
        "rest": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-05"}],
        "worked": ["2027-01-09"],
    }
    given = standards.Given(
        "clocks.calendar", notice, "test notice", date(2027, 1, 1), date(2028, 1, 1)
    )
    standards.load_entries([given], brought_by="test")
    moved = clocks.recompute_due(at=_at("2026-12-31T10:00"))
    assert [(shift.was_at, shift.due_at) for shift in moved] == [
        (_at("2027-01-06T17:00"), _at("2027-01-09T17:00"))
    ]
    assert TimerRow.objects.get().provisional is False
    assert clocks.recompute_due(at=_at("2026-12-31T11:00")) == ()
    assert events.count_facts(name="clocks.due_moved.v1") == 1


@pytest.mark.django_db(transaction=True)
class TestRungs:
    def test_each_rung_fires_once(self) -> None:
        _start(budget=Budget(10, Unit.HOURS), started="2026-06-24T00:00")
        fired = {
            at: [rung.rung for rung in clocks.fire_due_rungs(at=_at(at))]
            for at in (
                "2026-06-24T04:59",
                "2026-06-24T05:00",
                "2026-06-24T06:00",
                "2026-06-24T10:00",
                "2026-06-25T09:00",
                "2026-06-25T10:00",
            )
        }
        assert list(fired.values()) == [[], ["half"], [], ["fifth", "due"], ["overdue_1"], []]
        assert events.count_facts(name="clocks.rung_reached.v1") == 4

    @pytest.mark.portable
    def test_two_workers_fire_it_once(self) -> None:
        for n in range(10):
            _start(
                budget=Budget(10, Unit.HOURS), started="2026-06-24T00:00", subject=Ref("l", str(n))
            )
        fired: list[int] = []

        def work() -> None:
            fired.append(len(clocks.fire_due_rungs(at=_at("2026-06-24T06:00"))))
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert (sum(fired), Rung.objects.count()) == (10, 10)
        assert events.count_facts(name="clocks.rung_reached.v1") == 10

    def test_a_waiting_clock_is_silent(self) -> None:
        timer = _start(budget=Budget(10, Unit.HOURS), started="2026-06-24T00:00")
        clocks.suspend_timer(
            timer.id, reason="rain", review_at=None, at=_at("2026-06-24T01:00"), origin=SYSTEM
        )
        assert clocks.fire_due_rungs(at=_at("2026-06-24T01:00") + timedelta(days=3)) == []
