"""When a rung is reached: at half, at four fifths, when due, then at each working day's opening."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bihuan.kernel.ground.clocks.rules import counting
from bihuan.kernel.ground.clocks.types import Calendar

NAMES = ("half", "fifth", "due")


def rung_order(rung: str) -> int:
    """Return how high a rung stands: ``half`` 0, ``fifth`` 1, ``due`` 2, ``overdue_1`` 3 …"""
    if rung in NAMES:
        return NAMES.index(rung)
    return len(NAMES) - 1 + int(rung.removeprefix("overdue_"))


def last_opening(at: datetime, calendar: Calendar) -> datetime:
    """Return when the offices last opened: the moment from which a working day counts.

    Raises:
        UnableToCount: they never opened within the longest look back.
    """
    day = counting.local_day(at)
    for _ in range(counting.LONGEST_DAYS):
        opening = counting.opening(day, calendar)
        if opening <= at and counting.is_workday(day, calendar):
            return opening
        day -= timedelta(days=1)
    raise counting.UnableToCount(f"no working day within {counting.LONGEST_DAYS} days before {at}")


def working_days_after(first: date, last: date, calendar: Calendar) -> dict[date, int]:
    """Return for each day from `first` to `last` how many working days lie after it, to `last`."""
    counts: dict[date, int] = {}
    count, day = 0, last
    while day >= first:
        counts[day] = count
        count += counting.is_workday(day, calendar)
        day -= timedelta(days=1)
    return counts


def overdue_opening(due_at: datetime, days: int, calendar: Calendar) -> datetime:
    """Return when the offices open on the working day on which it is overdue by so many.

    Raises:
        UnableToCount: there are not so many working days within the longest look-ahead.
    """
    day, left = counting.local_day(due_at), days
    for _ in range(counting.LONGEST_DAYS):
        if left == 0:
            return due_at if days == 0 else counting.opening(day, calendar)
        day += timedelta(days=1)
        left -= counting.is_workday(day, calendar)
    raise counting.UnableToCount(f"no {days} working days after {due_at}")


def overdue_days(due_at: datetime, at: datetime, calendar: Calendar) -> int:
    """Return how many working days have begun since the day on which it was due."""
    if at < due_at:
        return 0
    due_day = counting.local_day(due_at)
    last = counting.local_day(last_opening(at, calendar))
    return working_days_after(due_day, last, calendar).get(due_day, 0)
