"""The kinds of notices by which deadlines remind: units, those above them, who waits."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.subscribers.words import AT_WORK, PUBLIC
from bihuan.kernel.tools.notices.types import Audience, NoticeCode, NoticeKind

DUE = ("due_at", _("The deadline is %(due_at)s."))
WAS_DUE = ("due_at", _("The deadline was %(due_at)s."))
UNHELD = ("unheld", _("Nobody holds it: see that somebody does."))


def _kind(
    code: str, audience: Audience, title: str, words: str, *more: tuple[str, str]
) -> NoticeKind:
    channels = PUBLIC if audience is Audience.RAISER else AT_WORK
    return NoticeKind(NoticeCode(f"cases.{code}"), title, words, audience, more, channels)


LADDER_KINDS = (
    _kind(
        "unit.half",
        Audience.UNIT,
        _("Half of the time"),
        _("Half of the time of %(number)s is used."),
        DUE,
    ),
    _kind(
        "unit.fifth",
        Audience.UNIT,
        _("A fifth of the time"),
        _("A fifth of the time of %(number)s is left."),
        DUE,
    ),
    _kind(
        "unit.due",
        Audience.UNIT,
        _("Due now"),
        _("%(number)s is due now. Answer it, and say what is in the way."),
    ),
    _kind(
        "unit.overdue",
        Audience.UNIT,
        _("Past the deadline"),
        _("%(number)s is overdue by %(days)s working days."),
        WAS_DUE,
    ),
    _kind(
        "watch.half",
        Audience.PERSON,
        _("Half of the time"),
        _("Half of the time of %(number)s (%(holder)s) is used."),
        DUE,
        UNHELD,
    ),
    _kind(
        "watch.fifth",
        Audience.PERSON,
        _("A fifth of the time"),
        _("A fifth of the time of %(number)s (%(holder)s) is left."),
        DUE,
        UNHELD,
    ),
    _kind(
        "watch.due",
        Audience.PERSON,
        _("Due now"),
        _("%(number)s (%(holder)s) is due now and not answered."),
        UNHELD,
    ),
    _kind(
        "watch.overdue",
        Audience.PERSON,
        _("Past the deadline"),
        _(
            "%(number)s (%(holder)s) is overdue by %(days)s working days. "
            "You are told as the one above."
        ),
        WAS_DUE,
        UNHELD,
        ("supervised", _("It is listed for supervision.")),
    ),
    _kind(
        "date_moved",
        Audience.RAISER,
        _("The date moved"),
        _(
            "The holidays were announced, so the date of %(number)s moved from %(was_at)s "
            "to %(due_at)s."
        ),
    ),
    _kind(
        "unit.date_moved",
        Audience.UNIT,
        _("The date moved"),
        _(
            "The holidays were announced, so the deadline of %(number)s moved from %(was_at)s "
            "to %(due_at)s."
        ),
    ),
    _kind(
        "limit_moved",
        Audience.RAISER,
        _("The date moved"),
        _(
            "The limit was changed (%(why)s), so the date of %(number)s moved from %(was_at)s "
            "to %(due_at)s."
        ),
    ),
    _kind(
        "unit.limit_moved",
        Audience.UNIT,
        _("The date moved"),
        _(
            "The limit was changed (%(why)s), so the deadline of %(number)s moved from %(was_at)s "
            "to %(due_at)s."
        ),
    ),
    _kind(
        "unit.handed_on",
        Audience.UNIT,
        _("Handed on"),
        _("%(from)s was dissolved; %(to)s goes on with %(number)s."),
        DUE,
    ),
    _kind(
        "calendar_missing",
        Audience.PERSON,
        _("Holiday notice missing"),
        _(
            "The holidays of %(year)s are not entered. Dates in that year may still change; "
            "enter the notice of the State Council."
        ),
    ),
)
