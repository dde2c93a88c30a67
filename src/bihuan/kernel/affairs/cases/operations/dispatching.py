"""Giving a filed matter to a lead unit and its co-handlers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases.lifecycle import DISPOSE
from bihuan.kernel.affairs.cases.models import Part, Round
from bihuan.kernel.affairs.cases.operations import clockwork, writing
from bihuan.kernel.affairs.cases.operations.locking import Locked, lock_case
from bihuan.kernel.affairs.cases.operations.moving import moved, permitted
from bihuan.kernel.affairs.cases.rules import IN_PLAY, faults_of_dispatch
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    Detail,
    Moved,
    MoveName,
    NewPart,
    PartState,
    Role,
    State,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import Refused


class UnableToDispatch(Refused):
    """The parts do not hold: exactly one lead, no unit twice."""


_FAULTS = {
    "one_lead": "Choose exactly one lead unit.",
    "unit_twice": "A unit stands twice. Leave it in once.",
}


def dispatch_case(
    case_id: CaseId,
    *,
    parts: Sequence[NewPart],
    scope: Scope,
    at: datetime,
    detail: Detail | None = None,
) -> Moved:
    """Give a matter to its units. Each part's disposal clock runs from now, not from signing.

    After a return, parts of units that still hold theirs stay; a new lead replaces the returned.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, NotAllowed, UnableToDispatch.
    """
    brought = detail or Detail()
    with transaction.atomic():
        locked = lock_case(case_id, scope=scope)
        case = locked.case
        row = permitted(locked, None, MoveName("dispatch"), brought, scope=scope)
        _check(locked, parts)
        before = case.state
        round_ = _round_of(locked, scope)
        for effect in row.clocks:
            if effect.clock != DISPOSE:
                clockwork.apply_to_case(case, effect, scope=scope, at=at)
        for new in parts:
            locked.parts.append(_give(locked, round_, new, scope=scope, at=at))
        case.state = State.DISPATCHED.value
        clockwork.follow_parts(case, locked.parts)
        case.version += 1
        round_.save()
        case.save()
        writing.write_entry(case, "dispatch", brought, scope=scope, at=at)
        writing.record_case_move(case, row, before, scope=scope, at=at)
    return moved(case, locked.parts[-len(parts)])


def _check(locked: Locked, parts: Sequence[NewPart]) -> None:
    standing = [(Role(p.role), p.unit_id) for p in locked.parts if p.state in IN_PLAY]
    faults = faults_of_dispatch([*standing, *((new.role, new.unit_id) for new in parts)])
    if faults:
        raise UnableToDispatch(_FAULTS[faults[0]], code=faults[0], field="parts")


def _round_of(locked: Locked, scope: Scope) -> Round:
    round_ = locked.round
    assert round_ is not None
    round_.dispatched_by = scope.person_id
    if scope.person_id is not None and scope.person_id not in round_.hands:
        round_.hands = [*round_.hands, scope.person_id]
    return round_


def _give(locked: Locked, round_: Round, new: NewPart, *, scope: Scope, at: datetime) -> Part:
    part = Part.objects.create(
        case=locked.case,
        round=round_,
        unit_id=new.unit_id,
        role=new.role.value,
        task=new.task.strip(),
        state=PartState.DISPATCHED.value,
        dispatched_at=at,
    )
    clockwork.start(part, locked.case, DISPOSE, origin=scope.origin, at=at)
    part.save()
    return part
