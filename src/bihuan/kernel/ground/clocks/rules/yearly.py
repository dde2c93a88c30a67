"""Reading a yearly notice of the State Council as a table, and refusing what cannot be one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from bihuan.kernel.ground.clocks.types import Calendar, Day, Fault, FaultCode, NoticeDay

OFF = frozenset({"off", "rest", "holiday", "放假", "休"})
WORKED = frozenset({"work", "worked", "上班", "班"})
HEADS = frozenset({"date", "day", "日期"})
MOST_ROWS = 200


def read_notice(text: str, *, year: int) -> tuple[tuple[NoticeDay, ...], tuple[Fault, ...]]:
    """Return the days of a table ``date, off or work, name of the holiday``, and its faults."""
    days: dict[date, NoticeDay] = {}
    faults: list[Fault] = []
    rows = _rows_of(text)
    for number, cells in enumerate(rows[:MOST_ROWS], 1):
        given = [cell.strip() for cell in cells]
        if not any(given) or (number == 1 and given[0].lower() in HEADS):
            continue
        found = _read_row(given, year)
        if isinstance(found, NoticeDay) and found.day not in days:
            days[found.day] = found
            continue
        code = FaultCode.TWICE if isinstance(found, NoticeDay) else found
        faults.append(Fault(number, code, ", ".join(given)[:60]))
    if len(rows) > MOST_ROWS:
        faults.append(Fault(MOST_ROWS + 1, FaultCode.TOO_MANY, ""))
    if not faults and not any(day.off for day in days.values()):
        faults.append(Fault(0, FaultCode.EMPTY, ""))
    return tuple(sorted(days.values(), key=lambda d: d.day)), tuple(faults)


def _rows_of(text: str) -> list[list[str]]:
    """Split a table into cells; what is no table comes as lines, each of which is then at fault."""
    plain = text.lstrip("\ufeff").replace("\0", "").replace("，", ",").replace("\t", ",")
    lines = plain.splitlines()
    try:
        return list(csv.reader(lines))
    except csv.Error:
        return [[line] for line in lines]


def _read_row(cells: Sequence[str], year: int) -> NoticeDay | FaultCode:
    try:
        day = date.fromisoformat(cells[0].replace("/", "-").replace(".", "-"))
    except ValueError:
        return FaultCode.NO_DATE
    kind = cells[1].lower() if len(cells) > 1 else ""
    name = cells[2] if len(cells) > 2 else ""
    if day.year != year:
        return FaultCode.OTHER_YEAR
    if kind in WORKED:
        return FaultCode.WORKS_ANYWAY if day.weekday() < 5 else NoticeDay(day, off=False)
    if kind not in OFF:
        return FaultCode.UNKNOWN_KIND
    return NoticeDay(day, off=True, name=name) if name else FaultCode.NO_NAME


def value_of(days: Iterable[NoticeDay], *, year: int) -> dict[str, Any]:
    """Return the plain value of a notice: spans of rest with their names, and days worked."""
    rest: list[dict[str, str]] = []
    ends = date.min
    for day in (d for d in days if d.off):
        if rest and rest[-1]["name"] == day.name and ends + timedelta(days=1) == day.day:
            rest[-1]["last"] = day.day.isoformat()
        else:
            iso = day.day.isoformat()
            rest.append({"name": day.name, "first": iso, "last": iso})
        ends = day.day
    return {"year": year, "rest": rest, "worked": [d.day.isoformat() for d in days if not d.off]}


def changed_days(before: Calendar, after: Calendar, *, year: int) -> tuple[date, ...]:
    """Return the days of a year on which the one works and the other rests."""
    listed = {day for day in (*before.days, *after.days) if day.year == year}
    return tuple(sorted(day for day in listed if _works(before, day) != _works(after, day)))


def _works(calendar: Calendar, day: date) -> bool:
    found: Day | None = calendar.days.get(day)
    return not found.off if found is not None else day.weekday() < 5


def missing_years(known: Iterable[int], today: date, *, month: int, day: int) -> tuple[int, ...]:
    """Return whose notice should be here by now: this year's; from a day in autumn, the next's."""
    wanted = [today.year]
    if today >= date(today.year, month, day):
        wanted.append(today.year + 1)
    have = set(known)
    return tuple(year for year in wanted if year not in have)
