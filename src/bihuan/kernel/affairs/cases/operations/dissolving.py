"""A unit is dissolved with matters open: another one goes on with its parts, limits untouched.

Nobody holds a matter in person: who leaves a unit leaves its matters in the unit's tray. Only when
the unit itself ends must somebody say who goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from bihuan.kernel.affairs.cases.facts import PartHandedOn
from bihuan.kernel.affairs.cases.models import ENDED, OUT_OF_PLAY, Case, EntryRow, Part
from bihuan.kernel.affairs.cases.types import CaseId, PartState, Role, case_ref
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import MANAGE_UNITS, Scope, UnitId
from bihuan.platform.database import bulk
from bihuan.platform.web.errors import NotAllowed, Refused

FINISHED = [*OUT_OF_PLAY, PartState.ACCEPTED]


class UnableToDissolve(Refused):
    """The unit cannot end like this; the words say who must go on first."""


@dataclass(frozen=True, slots=True)
class Held:
    """One open part of a unit: of which matter, until when."""

    number: str
    title: str
    role: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandedOn:
    """How many parts went over, and how many of them joined a part that was there."""

    parts: int
    joined: int


def list_held(unit_id: UnitId, *, scope: Scope) -> tuple[Held, ...]:
    """Return the open parts of a unit, the most urgent first: what its end would hand on.

    Raises:
        NotAllowed: the post does not include it.
    """
    _require(scope)
    rows = _open_parts(unit_id).order_by("due_at", "pk")
    return tuple(
        Held(number, title, role, due_at)
        for number, title, role, due_at in rows.values_list(
            "case__number", "case__title", "role", "due_at"
        )
    )


@transaction.atomic
def dissolve_unit(
    unit_id: UnitId,
    *,
    successor_id: UnitId | None,
    words: str,
    scope: Scope,
    at: datetime,
) -> HandedOn:
    """Dissolve a unit; its open parts go to the successor with their dates as they are.

    Refused while matters are open and nobody goes on. Each part that moves is a fact and a line of
    its matter's history.

    Raises:
        NotAllowed, NotFound.
        UnableToDissolve: no successor, an unfit one, or no reason is given.
    """
    _require(scope)
    case_ids = _open_parts(unit_id).values("case_id")
    locked = {
        case.pk: case
        for case in Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk")
    }
    parts = list(_open_parts(unit_id).filter(case__in=locked).select_for_update(of=("self",)))
    _check(unit_id, successor_id, parts, words)
    joined = 0
    if successor_id is not None:
        for part in parts:
            part.case = locked[part.case_id]
            joined += _hand_on(part, successor_id, words, scope=scope, at=at)
        Case.objects.filter(first_contact_id=unit_id).exclude(state__in=ENDED).update(
            first_contact_id=successor_id
        )
    registry.close_unit(unit_id, successor_id=successor_id, scope=scope, at=at)
    return HandedOn(len(parts), joined)


def _require(scope: Scope) -> None:
    if not scope.has(MANAGE_UNITS):
        raise NotAllowed("Your post does not include this.", code=f"needs:{MANAGE_UNITS}")


def _open_parts(unit_id: UnitId) -> QuerySet[Part]:
    waiting = Q(round__no=F("case__round_no")) & ~Q(case__state__in=ENDED)
    return Part.objects.filter(waiting, unit_id=unit_id).exclude(state__in=FINISHED)


def _check(unit_id: UnitId, successor_id: UnitId | None, parts: list[Part], words: str) -> None:
    if not words.strip():
        raise UnableToDissolve("Name the document that dissolves the unit.", field="words")
    if successor_id is None:
        if parts:
            raise UnableToDissolve(
                "The unit still holds %(n)s matters. Name the unit that goes on with them.",
                field="successor",
                code="open_matters",
                n=len(parts),
            )
        return
    open_ones = {unit.id for unit in registry.list_units()}
    if successor_id == unit_id or successor_id not in open_ones:
        raise UnableToDissolve("Choose another unit, one that stands.", field="successor")


def _hand_on(part: Part, to: UnitId, words: str, *, scope: Scope, at: datetime) -> bool:
    """Let the successor go on; return whether it had a part of this matter already."""
    before = part.unit_id
    rows = Part.objects.select_for_update().filter(round_id=part.round_id, unit_id=to)
    theirs = rows.exclude(state__in=OUT_OF_PLAY).first()
    if theirs is not None:
        kept, ended = (part, theirs) if part.role == Role.LEAD else (theirs, part)
        _withdraw(ended, scope=scope, at=at)
        if kept is theirs:
            part = theirs
    part.unit_id = to
    part.save(update_fields=["unit_id"])
    case = part.case
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    line = EntryRow(
        case=case,
        part=part,
        round_no=case.round_no,
        move="hand_on",
        at=at,
        account_id=scope.origin.account_id,
        person_id=scope.person_id,
        unit_id=scope.unit_id,
        words=words.strip(),
    )
    bulk.insert_rows([line])
    fact = PartHandedOn(
        subject=case_ref(CaseId(case.pk)),
        number=case.number,
        part_id=part.pk,
        from_unit=before,
        to_unit=to,
        role=part.role,
        joined=theirs is not None,
        area_path=case.area_path,
        due_at=part.due_at,
    )
    events.record(fact, origin=scope.origin, at=at)
    return theirs is not None


def _withdraw(part: Part, *, scope: Scope, at: datetime) -> None:
    """End a part whose unit has another one of the same matter now."""
    part.state = PartState.WITHDRAWN.value
    part.save(update_fields=["state"])
    if part.timer_id is not None:
        clocks.stop_timer(TimerId(part.timer_id), at=at, origin=scope.origin)
