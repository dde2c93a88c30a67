"""What a changed limit would move, and the numbers of the matters that a calendar moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from bihuan.kernel.affairs.cases.lifecycle import DISPOSE
from bihuan.kernel.affairs.cases.models import ENDED, Case, LimitWish, Part
from bihuan.kernel.affairs.cases.rules import AT_WORK
from bihuan.kernel.affairs.cases.types import MAY_SUPERVISE, PART, State
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import MANAGE_CALENDAR, Budget, Shift, TimerId
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, Refused

PREFIX = "cases.limit."
PREVIEWED = ("accept", "dispatch", DISPOSE, "verify")


class UnableToPreview(Refused):
    """The code is no limit of a clock, or the value is no budget."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One date of a matter that would move: its number, its unit (none: the centre), from, to."""

    number: str
    unit: str
    was_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LimitPreview:
    """What a limit is now, and what would move under another one. Nothing moves by itself."""

    code: str
    now: Any
    movements: tuple[Movement, ...]
    extended: int
    """Extended parts: their date was allowed for them and is left out."""


def list_movements(shifts: Sequence[Shift]) -> tuple[Movement, ...]:
    """Return moved clocks of matters with the numbers that people know, in two statements."""
    parts = {
        str(pk): (number, unit)
        for pk, number, unit in Part.objects.filter(
            pk__in=[int(s.subject.key) for s in shifts if s.subject.kind == PART]
        ).values_list("pk", "case__number", "unit__name")
    }
    others = [int(s.subject.key) for s in shifts if s.subject.kind == "cases.case"]
    own = Case.objects.filter(pk__in=others).values_list("pk", "number")
    numbers = {str(pk): number for pk, number in own}
    return tuple(_movement(shift, parts, numbers) for shift in shifts)


def _movement(shift: Shift, parts: dict[str, tuple[str, str]], numbers: dict[str, str]) -> Movement:
    key = shift.subject.key
    number, unit = (
        parts.get(key, ("", "")) if shift.subject.kind == PART else (numbers.get(key, ""), "")
    )
    return Movement(number or str(shift.subject), unit, shift.was_at, shift.due_at)


def preview_limit(code: str, value: Any, *, scope: Scope, at: datetime) -> LimitPreview:
    """Return which open matters would be due at another time if `value` held for them.

    They keep the limit under which they were raised; this only shows what a change means.

    Raises:
        NotAllowed: the post does not include it.
        UnableToPreview: the code is no limit of a clock, or the value is no budget.
    """
    if not scope.has(MANAGE_CALENDAR) and not scope.has(MAY_SUPERVISE):
        raise NotAllowed("Your post does not include this.", code=f"needs:{MANAGE_CALENDAR}")
    name, budget, timers, extended = governed_clocks(code, value, at=at)
    shifts = clocks.preview_budgets(dict.fromkeys(timers, budget), name=name)
    standing = standards.find_standard(code, on=clock.business_date(at))
    return LimitPreview(code, standing and standing.value, list_movements(shifts), extended)


def governed_clocks(
    code: str, value: Any, *, at: datetime
) -> tuple[str, Budget, list[TimerId], int]:
    """Return the clock's name, the budget, the running clocks that a limit governs, and how many
    extended ones are left out.

    Raises:
        UnableToPreview: the code is no limit of a clock, or the value is no budget.
    """
    name, _dot, class_code = code.removeprefix(PREFIX).partition(".")
    if not code.startswith(PREFIX) or name not in PREVIEWED or (class_code and name != DISPOSE):
        raise UnableToPreview("This is not the limit of a stage.", code="no_limit")
    try:
        budget = Budget.from_value(value)
    except (ValueError, KeyError, TypeError) as error:
        raise UnableToPreview(
            "A limit is an amount above 0 and a unit: WH, WD, EH or CD.", code="no_budget"
        ) from error
    timers, extended = _parts(class_code, at) if name == DISPOSE else (_matters(), 0)
    return name, budget, timers, extended


@dataclass(frozen=True, slots=True)
class Wished:
    """A limit that shall hold for open matters too, as it waits for a second person."""

    id: int
    code: str
    amount: int
    unit: str
    source: str
    asked_at: datetime
    mine: bool
    preview: LimitPreview


def list_limit_wishes(*, scope: Scope, at: datetime) -> tuple[Wished, ...]:
    """Return the changes of limits that wait for a second person, with what each would move.

    Raises:
        NotAllowed: the post does not include it.
    """
    rows = LimitWish.objects.filter(decided_at__isnull=True).order_by("pk")
    return tuple(
        Wished(
            row.pk,
            row.code,
            row.amount,
            row.unit,
            row.source,
            row.asked_at,
            row.asked_by == scope.person_id,
            preview_limit(row.code, {"amount": row.amount, "unit": row.unit}, scope=scope, at=at),
        )
        for row in rows
    )


def _matters() -> list[TimerId]:
    rows = Case.objects.exclude(state__in=ENDED).filter(timer_id__isnull=False)
    return [TimerId(t) for t in rows.values_list("timer_id", flat=True) if t is not None]


def _parts(class_code: str, at: datetime) -> tuple[list[TimerId], int]:
    rows = Part.objects.filter(
        state__in=AT_WORK, stage=1, round__no=F("case__round_no"), timer_id__isnull=False
    ).exclude(case__state__in=[*ENDED, State.SUSPENDED])
    found = rows.values_list("timer_id", "extended", "case__kind", "case__class_code")
    governed = _governed({(kind, code) for *_rest, kind, code in found}, class_code, at)
    mine = [(t, extended) for t, extended, kind, code in found if (kind, code) in governed]
    timers = [TimerId(t) for t, extended in mine if t is not None and not extended]
    return timers, len(mine) - len(timers)


def _governed(
    classes: Iterable[tuple[str, str]], class_code: str, at: datetime
) -> set[tuple[str, str]]:
    """Return the classes whose disposal this very limit governs: none more particular stands."""
    on = clock.business_date(at)
    kept = set()
    for kind, code in classes:
        terms = standards.find_standard(f"cases.class.{kind}.{code}", on=on)
        if terms is not None and terms.value.get("stages"):
            continue
        own = standards.find_standard(f"{PREFIX}{DISPOSE}.{code}", on=on) is not None
        if code == class_code or (not class_code and not own):
            kept.add((kind, code))
    return kept
