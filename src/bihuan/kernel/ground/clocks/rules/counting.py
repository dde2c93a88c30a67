"""Pure arithmetic of deadlines (domain A2): when is it due, why, and how much is left.

Working hours and continuous hours count minutes. Working days do not count the day of the start
and end with the office on the last one. Calendar days likewise, and one that ends on a rest day
moves to the next working day. A day that waited for somebody does not count: days from the one on
which waiting began up to, not including, the one on which it ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bihuan.kernel.ground.clocks.types import (
    Band,
    Budget,
    Calendar,
    Day,
    Due,
    Left,
    Step,
    Suspension,
    Unit,
    Why,
)

CHINA = ZoneInfo("Asia/Shanghai")
WEEKEND = "weekend"
LONGEST_DAYS = 4000
"""No deadline looks further ahead; a loop that would is a fault."""

Span = tuple[datetime, datetime]


class UnableToCount(ValueError):
    """The calendar gives no working time at all within the longest look-ahead."""


# -- the calendar ---------------------------------------------------------------------------------


def read_calendar(notices: Sequence[dict], hours: Sequence[Sequence[str]], bands: dict) -> Calendar:  # type: ignore[type-arg]
    """Return the calendar of several yearly notices; a later one of a year takes its place."""
    days: dict[date, Day] = {}
    for notice in {notice["year"]: notice for notice in notices}.values():
        for span in notice["rest"]:
            for day in _days(date.fromisoformat(span["first"]), date.fromisoformat(span["last"])):
                days[day] = Day(off=True, name=span["name"])
        for worked in notice["worked"]:
            days[date.fromisoformat(worked)] = Day(off=False)
    return Calendar(
        days=days,
        years=frozenset(notice["year"] for notice in notices),
        hours=tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours),
        yellow=bands["yellow"],
        orange=bands["orange"],
    )


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def is_workday(day: date, calendar: Calendar) -> bool:
    """Return whether offices work on `day`; a year without notice is Monday to Friday."""
    listed = calendar.days.get(day)
    if listed is not None:
        return not listed.off
    return day.weekday() < 5


def rest_name(day: date, calendar: Calendar) -> str:
    """Return why nobody works on `day`: a holiday's name, or the weekend."""
    listed = calendar.days.get(day)
    return listed.name if listed is not None and listed.off else WEEKEND


def local_day(at: datetime) -> date:
    """Return the day in China."""
    return at.astimezone(CHINA).date()


def _office(day: date, calendar: Calendar) -> tuple[Span, ...]:
    return _hours_of(day, calendar.hours) if is_workday(day, calendar) else ()


@lru_cache(maxsize=2048)
def _hours_of(day: date, hours: tuple[tuple[time, time], ...]) -> tuple[Span, ...]:
    return tuple(
        (datetime.combine(day, a, tzinfo=CHINA), datetime.combine(day, b, tzinfo=CHINA))
        for a, b in hours
    )


def _closing(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, calendar.hours[-1][1], tzinfo=CHINA)


def opening(day: date, calendar: Calendar) -> datetime:
    """Return when the offices open on a day, if they do."""
    return datetime.combine(day, calendar.hours[0][0], tzinfo=CHINA)


# -- when is it due -------------------------------------------------------------------------------


def due_for(
    budget: Budget,
    started_at: datetime,
    calendar: Calendar,
    suspensions: Sequence[Suspension] = (),
    *,
    seen_at: datetime | None = None,
) -> Due:
    """Return when `budget` from `started_at` is used up, and why.

    An open suspension counts as if it ended at `seen_at`.

    Raises:
        UnableToCount: the calendar never works.
    """
    waits = [_closed(s, seen_at or s.since) for s in suspensions]
    if budget.unit in {Unit.WORK_HOURS, Unit.HOURS}:
        return _due_by_minutes(budget, started_at, calendar, waits)
    return _due_by_days(budget, started_at, calendar, waits)


def _closed(suspension: Suspension, seen_at: datetime) -> Suspension:
    if suspension.until is not None:
        return suspension
    return Suspension(suspension.since, max(suspension.since, seen_at), suspension.reason)


def _due_by_minutes(
    budget: Budget, started_at: datetime, calendar: Calendar, waits: Sequence[Suspension]
) -> Due:
    whole = timedelta(hours=budget.amount)
    working = budget.unit is Unit.WORK_HOURS
    worths = [whole * (1 - left) for left in (0.0, calendar.yellow, calendar.orange)]
    at, yellow, orange = _after(started_at, worths, calendar, waits, working=working)
    steps = [Step(Why.COUNTED_FROM, local_day(started_at), local_day(started_at))]
    if working:
        steps += _skipped(local_day(started_at), local_day(at), calendar)
    steps += [_suspended(s) for s in waits]
    return _due(at, yellow, orange, budget, started_at, calendar, steps if working else steps[:])


def _after(
    started_at: datetime,
    worths: Sequence[timedelta],
    calendar: Calendar,
    waits: Sequence[Suspension],
    *,
    working: bool,
) -> list[datetime]:
    """Return the moments at which each of `worths` of counting time has passed, in one walk."""
    moments: dict[timedelta, datetime] = {}
    passed = timedelta()
    longest = max(worths)
    for begin, end in _counting(started_at, calendar, waits, working=working):
        span = end - begin
        for worth in worths:
            if worth not in moments and passed + span >= worth:
                moments[worth] = begin + (worth - passed)
        if longest in moments:
            return [moments[worth] for worth in worths]
        passed += span
    raise UnableToCount(f"no working time within {LONGEST_DAYS} days")


def _counting(
    started_at: datetime, calendar: Calendar, waits: Sequence[Suspension], *, working: bool
) -> Iterator[Span]:
    first = local_day(started_at)
    for day in _days(first, first + timedelta(days=LONGEST_DAYS)):
        midnight = datetime.combine(day, time.min, tzinfo=CHINA)
        whole = [(midnight, midnight + timedelta(days=1))]
        for begin, end in _office(day, calendar) if working else whole:
            yield from _without((max(begin, started_at), end), waits)


def _without(span: Span, waits: Sequence[Suspension]) -> Iterator[Span]:
    if not waits:
        if span[0] < span[1]:
            yield span
        return
    spans = [span] if span[0] < span[1] else []
    for wait in waits:
        assert wait.until is not None
        spans = [
            piece
            for begin, end in spans
            for piece in ((begin, min(end, wait.since)), (max(begin, wait.until), end))
            if piece[0] < piece[1]
        ]
    yield from sorted(set(spans))


def _due_by_days(
    budget: Budget, started_at: datetime, calendar: Calendar, waits: Sequence[Suspension]
) -> Due:
    counted: list[date] = []
    first = local_day(started_at) + timedelta(days=1)
    waited = {day for wait in waits for day in _waited_days(wait)}
    works = budget.unit is Unit.WORK_DAYS
    for day in _days(first, first + timedelta(days=LONGEST_DAYS)):
        if day not in waited and (not works or is_workday(day, calendar)):
            counted.append(day)
        if len(counted) == budget.amount:
            break
    else:
        raise UnableToCount(f"no working day within {LONGEST_DAYS} days")
    last, rolled = _roll(counted[-1], calendar)
    at = _closing(last, calendar)
    steps = [Step(Why.COUNTED_FROM, counted[0], counted[0])]
    if works:
        steps += _skipped(counted[0], last, calendar)
    steps += [_suspended(s) for s in waits if any(True for _ in _waited_days(s))]
    steps += rolled
    yellow, orange = (
        _share_of_days(counted, left, calendar, at) for left in (calendar.yellow, calendar.orange)
    )
    return _due(at, yellow, orange, budget, started_at, calendar, steps)


def _waited_days(wait: Suspension) -> Iterator[date]:
    assert wait.until is not None
    return _days(local_day(wait.since), local_day(wait.until) - timedelta(days=1))


def _roll(day: date, calendar: Calendar) -> tuple[date, list[Step]]:
    """Move a last day that is a rest day to the next working day."""
    moved = day
    while not is_workday(moved, calendar):
        moved += timedelta(days=1)
    if moved == day:
        return day, []
    names = _names(day, moved - timedelta(days=1), calendar)
    return moved, [Step(Why.ROLLED, day, moved, names)]


def _share_of_days(counted: list[date], left: float, calendar: Calendar, at: datetime) -> datetime:
    """Return when `left` of the counted days is left, in the time between opening and closing."""
    passed = len(counted) * (1 - left)
    index = min(int(passed), len(counted) - 1)
    day = counted[index]
    begin, end = opening(day, calendar), _closing(day, calendar)
    return min(at, begin + (end - begin) * (passed - index))


def _due(
    at: datetime,
    yellow: datetime,
    orange: datetime,
    budget: Budget,
    started_at: datetime,
    calendar: Calendar,
    steps: Sequence[Step],
) -> Due:
    first, last = local_day(started_at), local_day(at)
    unknown = [year for year in range(first.year, last.year + 1) if year not in calendar.years]
    provisional = bool(unknown) and budget.unit is not Unit.HOURS
    if provisional:
        year = unknown[0]
        steps = [*steps, Step(Why.PROVISIONAL, date(year, 1, 1), date(year, 12, 31), (str(year),))]
    return Due(
        at=at,
        yellow_at=yellow,
        orange_at=orange,
        budget=budget,
        started_at=started_at,
        provisional=provisional,
        steps=tuple(steps),
    )


# -- why this date --------------------------------------------------------------------------------


def _skipped(first: date, last: date, calendar: Calendar) -> list[Step]:
    """Return the rest days inside, joined where they touch, and the days worked instead."""
    steps: list[Step] = []
    for day in _days(first, last):
        if not is_workday(day, calendar):
            _join(steps, day, rest_name(day, calendar))
        elif day.weekday() >= 5:
            steps.append(Step(Why.MADE_UP, day, day))
    return steps


def _join(steps: list[Step], day: date, name: str) -> None:
    before = steps[-1] if steps else None
    if before and before.why is Why.SKIPPED and before.last + timedelta(days=1) == day:
        names = before.names if name in before.names else (*before.names, name)
        steps[-1] = Step(Why.SKIPPED, before.first, day, names)
    else:
        steps.append(Step(Why.SKIPPED, day, day, (name,)))


def _names(first: date, last: date, calendar: Calendar) -> tuple[str, ...]:
    names: list[str] = []
    for day in _days(first, last):
        name = rest_name(day, calendar)
        if name not in names:
            names.append(name)
    return tuple(names)


def _suspended(wait: Suspension) -> Step:
    assert wait.until is not None
    first, last = local_day(wait.since), local_day(wait.until)
    return Step(Why.SUSPENDED, first, max(first, last - timedelta(days=1)), (wait.reason,))


# -- how much is left -----------------------------------------------------------------------------


def band_at(
    at: datetime,
    due_at: datetime | None,
    yellow_at: datetime | None,
    orange_at: datetime | None,
    *,
    paused: bool = False,
) -> Band:
    """Return the colour at a moment, from the moments at which it changes."""
    if paused:
        return Band.PAUSED
    if due_at is None:
        return Band.DONE
    if at >= due_at:
        return Band.RED
    if orange_at is not None and at >= orange_at:
        return Band.ORANGE
    if yellow_at is not None and at >= yellow_at:
        return Band.YELLOW
    return Band.GREEN


def left_at(at: datetime, due_at: datetime, band: Band, *, calendar: Calendar, unit: Unit) -> Left:
    """Return what a person would say is left: working days, days, hours or minutes."""
    if at >= due_at:
        return _span(band, at - due_at, overdue=True)
    if local_day(at) == local_day(due_at) or unit in {Unit.HOURS, Unit.WORK_HOURS}:
        return _span(band, due_at - at)
    days = list(_days(local_day(at) + timedelta(days=1), local_day(due_at)))
    if unit is Unit.WORK_DAYS:
        working = sum(is_workday(day, calendar) for day in days)
        return Left(band, max(1, working), "work_days")
    return Left(band, len(days), "days")


def _span(band: Band, span: timedelta, *, overdue: bool = False) -> Left:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return Left(band, minutes, "minutes", overdue)
    if minutes < 48 * 60:
        return Left(band, minutes // 60, "hours", overdue)
    return Left(band, minutes // (24 * 60), "days", overdue)
