"""Giving a filed matter to a lead unit and its co-handlers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bihuan.kernel.affairs.cases.lifecycle import DISPOSE
from bihuan.kernel.affairs.cases.models import Part
from bihuan.kernel.affairs.cases.operations import clockwork, writing
from bihuan.kernel.affairs.cases.operations.locking import Locked, lock_case
from bihuan.kernel.affairs.cases.operations.moving import moved
from bihuan.kernel.affairs.cases.operations.permitting import permitted
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
from bihuan.platform.database import bulk
from bihuan.platform.database.joining import part as part_of_whole
from bihuan.platform.database.together import Writing
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
    return _dispatch(case_id, MoveName("dispatch"), parts, detail or Detail(), scope, at)


def assign_case(
    case_id: CaseId, *, parts: Sequence[NewPart], review: str, scope: Scope, at: datetime
) -> Moved:
    """Assign a matter that was returned too often, after a joint review (指定承办).

    The units may not return it; `review` says what the review found.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, NotAllowed, UnableToDispatch,
        LackingEvidence.
    """
    return _dispatch(case_id, MoveName("assign"), parts, Detail(words=review), scope, at)


def _dispatch(
    case_id: CaseId,
    move: MoveName,
    parts: Sequence[NewPart],
    brought: Detail,
    scope: Scope,
    at: datetime,
) -> Moved:
    with part_of_whole():
        locked = lock_case(case_id, scope=scope)
        case = locked.case
        row = permitted(locked, None, move, brought, scope=scope, at=at)
        _check(locked, parts)
        before = case.state
        _note_hand(locked, scope)
        for effect in row.clocks:
            if effect.clock != DISPOSE:
                clockwork.apply_to_case(locked, effect, scope=scope, at=at)
        into = Writing()
        given = _give(into, locked, parts, forced=move == "assign", scope=scope, at=at)
        locked.parts += given
        case.state = State.DISPATCHED.value
        if case.first_contact_id is None:
            case.first_contact_id = next(p.unit_id for p in given if p.role == Role.LEAD)
        clockwork.follow_parts(case, locked.parts)
        pieces = writing.photos_of(move, brought)
        facts = writing.attach_pieces(into, case, pieces, scope=scope, at=at)
        clockwork.end_all(into, locked, origin=scope.origin, at=at)
        locked.save_with(into, writing.entry_of(case, move, brought, scope=scope, at=at))
        facts.append(writing.case_fact(case, move=move, before=before, notice=row.notice))
        writing.record_with(into, facts, scope=scope, at=at)
        into.send()
    return moved(case, given[0])


def _check(locked: Locked, parts: Sequence[NewPart]) -> None:
    standing = [(Role(p.role), p.unit_id) for p in locked.parts if p.state in IN_PLAY]
    faults = faults_of_dispatch([*standing, *((new.role, new.unit_id) for new in parts)])
    if faults:
        raise UnableToDispatch(_FAULTS[faults[0]], code=faults[0], field="parts")


def _note_hand(locked: Locked, scope: Scope) -> None:
    round_ = locked.round
    assert round_ is not None
    round_.dispatched_by = scope.person_id
    if scope.person_id is not None and scope.person_id not in round_.hands:
        round_.hands = [*round_.hands, scope.person_id]


def _give(
    into: Writing,
    locked: Locked,
    news: Sequence[NewPart],
    *,
    forced: bool,
    scope: Scope,
    at: datetime,
) -> list[Part]:
    """Return the new parts, whose clocks begin as they are written; the lock writes them."""
    case, round_ = locked.case, locked.round
    assert round_ is not None
    return_until = clockwork.moment_after(case, "cases.limit.return", at)
    contact_until = clockwork.moment_after(case, "cases.limit.contact", at)
    given = [
        Part(
            case=case,
            round=round_,
            unit_id=new.unit_id,
            role=new.role.value,
            task=new.task.strip(),
            state=PartState.DISPATCHED.value,
            dispatched_at=at,
            forced=forced,
            return_until=return_until,
            contact_until=contact_until if case.raised_by_key else None,
        )
        for new in news
    ]
    bulk.give_keys(given)
    for part in given:
        clockwork.begin(into, part, DISPOSE, origin=scope.origin, at=at)
    return given
