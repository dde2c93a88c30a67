"""Words of deadlines, for pages: what is left, and why it is due on that day."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.kernel.ground.clocks import rules
from bihuan.kernel.ground.clocks.queries import get_calendar
from bihuan.kernel.ground.clocks.types import Band, Budget, Due, Left, Step, Timer, Unit, Why
from bihuan.platform.ui import words
from bihuan.platform.ui.values import Deadline, ExplainedDue


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
        why=due_sentence(timer.due) + _extension_words(timer),
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


def _extension_words(timer: Timer) -> str:
    if timer.was_due_at is None:
        return ""
    if timer.extended_by:
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
