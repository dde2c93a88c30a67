"""Deadlines against dates counted by hand on the calendar of 2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.ground.clocks import rules
from bihuan.kernel.ground.clocks.rules import CHINA, due_for
from bihuan.kernel.ground.clocks.types import Band, Budget, Calendar, Suspension, Unit, Why

WD, WH, EH, CD = Unit.WORK_DAYS, Unit.WORK_HOURS, Unit.HOURS, Unit.DAYS


def _calendar() -> Calendar:
    path = Path(__file__).parents[1] / "standards" / "calendar.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    values = {e["code"]: e["value"] for e in entries}
    notices = [e["value"] for e in entries if e["code"] == "clocks.calendar"]
    return rules.read_calendar(notices, values["clocks.office_hours"], values["clocks.bands"])


CALENDAR = _calendar()


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def _due(amount: int, unit: Unit, started: str, *waits: Suspension):
    return due_for(Budget(amount, unit), _at(started), CALENDAR, waits)


class TestTheNotices:
    def test_2026_has_six_made_up_days_and_thirty_three_off(self) -> None:
        year = {d: day for d, day in CALENDAR.days.items() if d.year == 2026}
        assert sum(day.off for day in year.values()) == 33
        assert sorted(d for d, day in year.items() if not day.off) == [
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        ]

    @pytest.mark.parametrize(
        ("day", "works"),
        [
            ("2026-01-04", True),  # a Sunday that is worked
            ("2026-02-14", True),  # a Saturday that is worked
            ("2026-02-23", False),  # a Monday of the Spring Festival
            ("2026-06-19", False),
            ("2026-06-22", True),
            ("2026-06-27", False),
        ],
    )
    def test_days(self, day: str, works: bool) -> None:
        assert rules.is_workday(date.fromisoformat(day), CALENDAR) is works


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("amount", "started", "due"),
        [
            (1, "2026-06-24T09:00", "2026-06-25T17:00"),
            (5, "2026-06-17T15:52", "2026-06-25T17:00"),  # over the Dragon Boat Festival
            (5, "2026-02-12T10:00", "2026-02-26T17:00"),  # 13, 14 (worked), then 24, 25, 26
            (1, "2026-01-03T10:00", "2026-01-04T17:00"),  # a holiday, then a worked Sunday
            # 30; 8, 9, 10 (a worked Saturday), 12 to 16, 19
            (10, "2026-09-29T08:00", "2026-10-19T17:00"),
        ],
    )
    def test_by_hand(self, amount: int, started: str, due: str) -> None:
        assert _due(amount, WD, started).at == _at(due)

    def test_the_day_that_waited_for_the_resident_does_not_count(self) -> None:
        wait = Suspension(_at("2026-06-22T09:00"), _at("2026-06-23T09:12"), "photo")
        due = _due(5, WD, "2026-06-17T15:52", wait)
        assert due.at == _at("2026-06-26T17:00")
        told = [(s.why, s.first.day, s.last.day, s.names) for s in due.steps]
        assert told == [
            (Why.COUNTED_FROM, 18, 18, ()),
            (Why.SKIPPED, 19, 21, ("端午节",)),
            (Why.SUSPENDED, 22, 22, ("photo",)),
        ]

    def test_a_made_up_day_is_told(self) -> None:
        steps = _due(2, WD, "2026-02-12T10:00").steps
        assert [(s.why, s.first) for s in steps] == [
            (Why.COUNTED_FROM, date(2026, 2, 13)),
            (Why.MADE_UP, date(2026, 2, 14)),
        ]


class TestHours:
    @pytest.mark.parametrize(
        ("amount", "started", "due"),
        [
            (4, "2026-06-24T09:00", "2026-06-24T14:30"),  # over lunch
            (4, "2026-06-24T16:00", "2026-06-25T11:30"),  # over the night
            (2, "2026-06-24T20:00", "2026-06-25T10:30"),  # after hours
            (4, "2026-06-18T15:00", "2026-06-22T10:30"),  # over the festival
            (7, "2026-06-24T08:30", "2026-06-24T17:00"),  # a whole day ends with the office
        ],
    )
    def test_working_hours(self, amount: int, started: str, due: str) -> None:
        assert _due(amount, WH, started).at == _at(due)

    def test_urgent_hours_run_through_the_night(self) -> None:
        assert _due(18, EH, "2026-06-23T14:50").at == _at("2026-06-24T08:50")

    def test_a_wait_moves_working_hours_by_what_was_worked_in_it(self) -> None:
        wait = Suspension(_at("2026-06-24T10:00"), _at("2026-06-24T14:00"), "rain")
        assert _due(4, WH, "2026-06-24T09:00", wait).at == _at("2026-06-24T17:00")


class TestCalendarDays:
    def test_the_last_day_rolls_off_a_rest_day_and_says_so(self) -> None:
        due = _due(3, CD, "2026-06-16T10:00")
        assert due.at == _at("2026-06-22T17:00")
        last = due.steps[-1]
        assert (last.why, last.first, last.last) == (
            Why.ROLLED,
            date(2026, 6, 19),
            date(2026, 6, 22),
        )

    def test_a_working_last_day_stays(self) -> None:
        assert _due(7, CD, "2026-06-17T10:00").at == _at("2026-06-24T17:00")


class TestAYearWithoutNotice:
    def test_is_provisional_and_says_which_year(self) -> None:
        due = _due(5, WD, "2026-12-30T10:00")
        assert due.provisional is True
        assert due.at == _at("2027-01-06T17:00")
        assert due.steps[-1].names == ("2027",)
        assert _due(5, WD, "2026-11-02T10:00").provisional is False


class TestColours:
    def test_moments_by_hand(self) -> None:
        due = _due(10, EH, "2026-06-24T00:00")
        assert (due.yellow_at, due.orange_at) == (_at("2026-06-24T05:00"), _at("2026-06-24T08:00"))

    @pytest.mark.parametrize(
        ("at", "band"),
        [
            ("T04:59", Band.GREEN),
            ("T05:00", Band.YELLOW),
            ("T08:00", Band.ORANGE),
            ("T10:00", Band.RED),
        ],
    )
    def test_band(self, at: str, band: Band) -> None:
        due = _due(10, EH, "2026-06-24T00:00")
        moment = _at(f"2026-06-24{at}")
        assert rules.band_at(moment, due.at, due.yellow_at, due.orange_at) is band

    def test_what_a_person_would_say_is_left(self) -> None:
        due = _due(5, WD, "2026-06-18T15:52")
        left = [
            rules.left_at(_at(at), due.at, Band.GREEN, calendar=CALENDAR, unit=WD)
            for at in (
                "2026-06-24T09:30",
                "2026-06-26T14:00",
                "2026-06-26T16:20",
                "2026-06-26T17:40",
            )
        ]
        assert due.at == _at("2026-06-26T17:00")
        assert [(x.amount, x.unit, x.overdue) for x in left] == [
            (2, "work_days", False),
            (3, "hours", False),
            (40, "minutes", False),
            (40, "minutes", True),
        ]


_moments = st.integers(0, 400 * 24 * 60).map(
    lambda m: _at("2025-03-01T00:00") + timedelta(minutes=m)
)
_budgets = st.builds(Budget, st.integers(1, 20), st.sampled_from(Unit))


class TestAlways:
    @given(_budgets, _moments)
    def test_due_lies_after_the_start_and_colours_in_order(
        self, budget: Budget, start: datetime
    ) -> None:
        due = due_for(budget, start, CALENDAR)
        assert start < due.yellow_at <= due.orange_at <= due.at

    @given(_budgets, _moments)
    def test_a_larger_budget_is_never_due_earlier(self, budget: Budget, start: datetime) -> None:
        larger = Budget(budget.amount + 1, budget.unit)
        assert due_for(budget, start, CALENDAR).at <= due_for(larger, start, CALENDAR).at

    @given(_budgets, _moments, st.integers(0, 10_000), st.integers(1, 10_000))
    def test_waiting_never_makes_it_earlier(
        self, budget: Budget, start: datetime, after: int, long: int
    ) -> None:
        since = start + timedelta(minutes=after)
        wait = Suspension(since, since + timedelta(minutes=long), "wait")
        assert due_for(budget, start, CALENDAR).at <= due_for(budget, start, CALENDAR, [wait]).at

    @given(_budgets, _moments)
    def test_due_in_working_units_falls_into_office_hours(
        self, budget: Budget, start: datetime
    ) -> None:
        if budget.unit is Unit.HOURS:
            return
        due = due_for(budget, start, CALENDAR).at
        assert rules.is_workday(rules.local_day(due), CALENDAR)
