"""Gaps, moved dates and limits in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.platform.ui.words import due_words


@dataclass(frozen=True, slots=True)
class MovedRow:
    """One date that would move, in words."""

    number: str
    unit: str
    was: str
    becomes: str


def moved_rows(found: Iterable[cases.Movement]) -> tuple[MovedRow, ...]:
    """Return moved dates in words."""
    return tuple(
        MovedRow(m.number, m.unit or _("with the centre"), due_words(m.was_at), due_words(m.due_at))
        for m in found
    )


def gap_words(why: str) -> str:
    """Return why something could be forgotten."""
    return {
        "no_clock": _("An open matter without a running clock"),
        "part_no_clock": _("A unit's part without a running clock"),
        "review_missed": _("A waiting matter whose review date has passed"),
        "master_ended": _("A merged matter whose master has ended"),
        "no_rungs": _("A clock for which no reminders are laid down"),
        "no_leader": _("A place with open matters and no leader to tell"),
        "no_duty_officer": _("A place with open matters and no duty officer"),
        "nobody_answers": _("A clock for which no room answers"),
    }.get(why, why)


def limit_choices() -> tuple[tuple[str, str], ...]:
    """Return the limits that one may try, with their names."""
    return (
        ("cases.limit.accept", _("Limit for taking on")),
        ("cases.limit.dispatch", _("Limit for dispatching")),
        ("cases.limit.dispose", _("Limit for handling, classes without their own")),
        ("cases.limit.verify", _("Limit for verifying")),
    )
