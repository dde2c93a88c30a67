"""The levels of the ladder in words, for the wall and for a matter's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CaseView, State
from bihuan.kernel.affairs.cases.types.ladder import Level, Told
from bihuan.kernel.ground.clocks import api as clocks

WITHOUT = frozenset(
    {
        State.SUSPENDED,
        State.MERGED,
        State.REJECTED,
        State.VOIDED,
        State.WITHDRAWN,
        State.CLOSED,
        State.EVALUATED,
    }
)
"""States in which nothing is overdue."""


@dataclass(frozen=True, slots=True)
class LevelWords:
    """How long overdue, and what that means."""

    span: str
    told: str


def ladder_words(at: datetime) -> dict[str, LevelWords]:
    """Return the words of each level in force at this time, by its code."""
    levels = cases.get_ladder(at=at).levels
    upper = [level.after for level in levels[1:]]
    return {
        level.code: LevelWords(_span(level, until), _told(level))
        for level, until in zip(levels, [*upper, None], strict=True)
    }


def _span(level: Level, until: int | None) -> str:
    if until is None:
        return _("from %(n)s working days on") % {"n": level.after}
    if level.after == 0:
        return _("less than %(n)s working days") % {"n": until}
    if until == level.after + 1:
        return _("%(n)s working days") % {"n": level.after}
    return _("%(first)s to %(last)s working days") % {"first": level.after, "last": until - 1}


def _told(level: Level) -> str:
    return _("supervised") if level.supervise else told_words(level.tells[-1])


def told_words(told: Told) -> str:
    """Return whom a rung tells, by duty and never by name."""
    return {
        Told.HOLDER: _("to the unit"),
        Told.HEAD: _("to the unit's head"),
        Told.LEADER: _("to the leader in charge"),
        Told.MAIN_LEADER: _("to the main leader"),
        Told.DUTY: _("to the duty officer"),
    }[told]


def rung_words(rung: str) -> str:
    """Return a rung of a deadline in words."""
    if rung.startswith("overdue_"):
        return _("overdue by %(n)s working days") % {"n": rung.removeprefix("overdue_")}
    return {
        "half": _("half of the time used"),
        "fifth": _("a fifth of the time left"),
        "due": _("due"),
    }[rung]


def escalation_note(view: CaseView, *, now: datetime) -> str:
    """Return on which level of the ladder an overdue matter stands, or nothing."""
    if view.due_at is None or view.state in WITHOUT:
        return ""
    level = cases.find_level(view.due_at, at=now, county=view.area_path[5:11] or None)
    if level is None:
        return ""
    days = clocks.count_overdue_days(view.due_at, at=now)
    if days == 0:
        return _("Due today and not answered; the rule tells: %(told)s.") % {"told": _told(level)}
    return _("Overdue by %(days)s working days; the rule tells: %(told)s.") % {
        "days": days,
        "told": _told(level),
    }
