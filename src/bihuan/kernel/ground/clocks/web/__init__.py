"""Words of deadlines, for pages: what is left, and why it is due on that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.kernel.ground.clocks import rules
from bihuan.kernel.ground.clocks.queries import get_calendar, list_notices
from bihuan.kernel.ground.clocks.types import (
    Band,
    Budget,
    Due,
    Fault,
    FaultCode,
    Left,
    Step,
    Timer,
    Unit,
    Why,
)
from bihuan.platform.ui import words
from bihuan.platform.ui.values import Deadline, ExplainedDue, RowError


def left_words(left: Left) -> str:
    """Return what is left, as a person says it: ``剩 2 个工作日``, ``逾期 40 分钟``."""
    if left.overdue:
        return {
            "minutes": _("%(n)s min overdue"),
            "hours": _("%(n)s h overdue"),
            "days": _("%(n)s days overdue"),
        }[left.unit] % {"n": left.amount}
    return {
        "minutes": _("%(n)s min left"),
        "hours": _("%(n)s h left"),
        "days": _("%(n)s days left"),
        "work_days": _("%(n)s working days left"),
    }[left.unit] % {"n": left.amount}


def deadline(
    due_at: datetime | None,
    yellow_at: datetime | None,
    orange_at: datetime | None,
    *,
    now: datetime,
    paused: bool = False,
    unit: Unit = Unit.WORK_DAYS,
) -> Deadline | None:
    """Return the badge of a deadline from the moments at which its colour changes."""
    band = rules.band_at(now, due_at, yellow_at, orange_at, paused=paused)
    if band is Band.PAUSED:
        return Deadline(band.value, _("Waiting"), due_at)
    if due_at is None:
        return None
    left = rules.left_at(now, due_at, band, calendar=get_calendar(), unit=unit)
    return Deadline(band.value, left_words(left), due_at)


def explained(timer: Timer, *, now: datetime, promise: str = "") -> ExplainedDue:
    """Return the due date with its reasons, in one sentence."""
    band = rules.band_at(
        now, timer.due.at, timer.yellow_at, timer.orange_at, paused=timer.suspended
    )
    return ExplainedDue(
        when=words.due_words(timer.due.at),
        why=due_sentence(timer.due) + _change_words(timer),
        provisional=timer.due.provisional,
        badge=deadline(
            timer.due.at,
            timer.yellow_at,
            timer.orange_at,
            now=now,
            paused=timer.suspended,
            unit=timer.due.budget.unit,
        ),
        promise=promise,
        band=band.value,
        waiting=timer.suspended_reason,
        struck=words.due_words(timer.was_due_at) if timer.was_due_at else "",
    )


def _change_words(timer: Timer) -> str:
    if timer.was_due_at is None:
        return ""
    if timer.limit_by and not timer.extended_by:
        said = _("The limit was changed for open matters too: %(why)s.") % {"why": timer.limit_by}
    elif timer.extended_by:
        said = _("Extended; allowed by %(unit)s.") % {"unit": timer.extended_by}
    else:
        said = _("Extended.")
    return said if words.chinese() else f" {said}"


def budget_words(budget: Budget) -> str:
    """Return a budget in words: ``5 个工作日``."""
    n = budget.amount
    return {
        Unit.WORK_DAYS: ngettext("%(n)s working day", "%(n)s working days", n),
        Unit.WORK_HOURS: ngettext("%(n)s office hour", "%(n)s office hours", n),
        Unit.HOURS: ngettext("%(n)s hour, night included", "%(n)s hours, night included", n),
        Unit.DAYS: ngettext("%(n)s day", "%(n)s days", n),
    }[budget.unit] % {"n": n}


def due_sentence(due: Due) -> str:
    """Return why it is due then: from when, how much, what was skipped, what was waited for."""
    parts = [part for step in due.steps if (part := _step_words(step, due))]
    gap, stop = ("；", "。") if words.chinese() else ("; ", ".")
    return gap.join(parts) + stop


def _step_words(step: Step, due: Due) -> str:
    span = words.span_words(step.first, step.last)
    names = _(" and ").join(_("weekend") if n == rules.WEEKEND else n for n in step.names)
    if step.why is Why.COUNTED_FROM:
        begin = span
        if due.budget.unit in {Unit.HOURS, Unit.WORK_HOURS}:
            begin = f"{span} {words.clock_words(due.started_at)}"
        return _("%(budget)s from %(day)s") % {"budget": budget_words(due.budget), "day": begin}
    sentence = {
        Why.SKIPPED: _("%(names)s (%(span)s) not counted"),
        Why.SUSPENDED: _("waiting: %(names)s (%(span)s) not counted"),
        Why.ROLLED: _("moved off %(names)s to the next working day"),
        Why.MADE_UP: _("%(span)s is worked and counts"),
        Why.PROVISIONAL: _("the holidays of %(names)s are not announced yet, the day may change"),
    }[step.why]
    return sentence % {"names": names, "span": span}


# -- the yearly notice ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A year's notice as a page lists it."""

    year: int
    words: str
    source: str


def notice_lines() -> tuple[NoticeLine, ...]:
    """Return the latest notice of each year, the newest first."""
    seen: dict[int, NoticeLine] = {}
    calendar = get_calendar()
    for standing in list_notices():
        year = standing.value["year"]
        days = [day for when, day in calendar.days.items() if when.year == year]
        off = sum(day.off for day in days)
        said = _("%(off)s days off, %(worked)s worked instead") % {
            "off": off,
            "worked": len(days) - off,
        }
        seen.setdefault(year, NoticeLine(year, said, standing.source))
    return tuple(seen[year] for year in sorted(seen, reverse=True))


def row_errors(faults: Sequence[Fault]) -> tuple[RowError, ...]:
    """Return the faults of a notice as rows of a table, each with how to mend it."""
    mend = {
        FaultCode.NO_DATE: _("Write the day like 2027-01-01."),
        FaultCode.OTHER_YEAR: _("The day lies outside the year of the notice."),
        FaultCode.UNKNOWN_KIND: _("Write 放假 (off) or 上班 (worked) in the second column."),
        FaultCode.NO_NAME: _("Name the holiday in the third column."),
        FaultCode.WORKS_ANYWAY: _("An ordinary weekday is worked anyway; take the row out."),
        FaultCode.TWICE: _("This day stands in an earlier row already."),
        FaultCode.TOO_MANY: _("A year's notice has fewer rows than this."),
        FaultCode.EMPTY: _("Enter at least one day off."),
        FaultCode.PAST_CHANGED: _("This day has passed and stands otherwise; it stays as it was."),
        FaultCode.NO_SOURCE: _("Name the notice: its title or number."),
        FaultCode.BAD_YEAR: _("Enter last year's, this year's or next year's notice."),
    }
    columns = {
        FaultCode.UNKNOWN_KIND: _("off or worked"),
        FaultCode.NO_NAME: _("holiday"),
        FaultCode.WORKS_ANYWAY: _("off or worked"),
    }
    return tuple(
        RowError(
            fault.row,
            columns.get(fault.code, _("day")) if fault.row else _("the whole"),
            fault.given,
            mend[fault.code],
        )
        for fault in faults
    )


def unit_choices() -> tuple[tuple[str, str], ...]:
    """Return the units of a limit with their names."""
    return (
        (Unit.WORK_HOURS.value, _("office hours")),
        (Unit.WORK_DAYS.value, _("working days")),
        (Unit.HOURS.value, _("hours, night included")),
        (Unit.DAYS.value, _("calendar days")),
    )
