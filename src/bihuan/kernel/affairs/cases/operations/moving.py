"""Moving a matter or a part along the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import Case, Part, Round
from bihuan.kernel.affairs.cases.operations import clockwork, writing
from bihuan.kernel.affairs.cases.operations.locking import Locked, lock_by_part, lock_case
from bihuan.kernel.affairs.cases.policies import standing_of
from bihuan.kernel.affairs.cases.rules import (
    failing_guards,
    find_transition,
    missing_needs,
    state_of_round,
)
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    Clock,
    Detail,
    KindCode,
    Moved,
    MoveName,
    On,
    PartId,
    PartState,
    Role,
    State,
    Transition,
)
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.platform.web.errors import Conflict, NotAllowed, Refused

ON_PARTS_CLOCK = "dispose"
NOTHING = Detail()


class UnableToMove(Conflict):
    """The matter does not stand where this move begins; somebody may have been quicker."""


class UnableToDoAlone(NotAllowed):
    """A guard does not hold: another person, another unit or another moment is needed."""


class LackingEvidence(Refused):
    """The move must bring something along and does not."""


_GUARD_WORDS = {
    "covers_area": "This matter lies outside your area.",
    "own_unit": "This part belongs to another unit.",
    "concerned_firm": "Only the firm concerned can say this.",
    "raiser": "Only who raised the matter can do this.",
    "another_person": "Who dispatched or handled a matter may not verify it. Ask a colleague.",
    "within_returns": "It was returned twice already. The centre assigns it now; ask the centre.",
    "first_redo": "It was done again once already. The centre will call you about it.",
}
_NEED_WORDS = {
    "words": "Write one sentence about what was done.",
    "reason": "Give the reason.",
    "basis": "A return needs its legal basis.",
    "after_photo": "Add a photo of how it looks now.",
    "on_the_spot": "Confirm that you are on the spot.",
    "grade": "Grade the hazard: general or major.",
    "rating": "Choose how satisfied you are.",
    "review_date": "Choose the day on which it is looked at again.",
    "master": "Choose the matter into which it is merged.",
}


def move_case(
    case_id: CaseId, *, move: MoveName, scope: Scope, at: datetime, detail: Detail = NOTHING
) -> Moved:
    """Move a matter.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, LackingEvidence, NotAllowed.
    """
    with transaction.atomic():
        locked = lock_case(case_id, scope=scope)
        case = locked.case
        row = permitted(locked, None, move, detail, scope=scope)
        before = case.state
        _apply_case(locked, row, detail, scope=scope, at=at)
        writing.write_entry(case, move, detail, scope=scope, at=at)
        _save(locked)
        writing.record_case_move(case, row, before, scope=scope, at=at)
    return moved(case)


def move_part(
    part_id: PartId, *, move: MoveName, scope: Scope, at: datetime, detail: Detail = NOTHING
) -> Moved:
    """Move one unit's part; the matter follows from its parts.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, LackingEvidence, NotAllowed.
    """
    with transaction.atomic():
        locked = lock_by_part(part_id, scope=scope)
        part = locked.part(part_id)
        row = permitted(locked, part, move, detail, scope=scope)
        before, case_before = part.state, locked.case.state
        _apply_part(locked, part, row, detail, scope=scope, at=at)
        writing.write_entry(locked.case, move, detail, scope=scope, at=at, part=part)
        _save(locked)
        writing.record_part_move(locked.case, part, row, before, scope=scope, at=at)
        if locked.case.state != case_before:
            writing.record_case_move(locked.case, _silent(row), case_before, scope=scope, at=at)
    return moved(locked.case, part)


def permitted(
    locked: Locked, part: Part | None, move: MoveName, detail: Detail, *, scope: Scope
) -> Transition:
    """Return the row of the table for `move`, or refuse with the reason."""
    life = kinds.get_kind(KindCode(locked.case.kind)).life
    row = find_transition(life, move, on=On.PART if part else On.CASE)
    if row is None:
        raise UnableToMove("This matter knows no such step.", code="unknown_move")
    if not scope.has(row.power):
        raise NotAllowed("Your post may not do this.", code="power")
    standing = standing_of(scope, locked.case, locked.round, part)
    guards = failing_guards(row, standing)
    if guards:
        raise UnableToDoAlone(_GUARD_WORDS[guards[0].value], code=guards[0].value)
    state = part.state if part else locked.case.state
    if state not in row.source or (part and locked.case.state == State.SUSPENDED):
        raise UnableToMove(
            "Somebody was quicker: the matter has moved on. Look at it again.", code="moved_on"
        )
    lacking = missing_needs(row, detail)
    if lacking:
        raise LackingEvidence(_NEED_WORDS[lacking[0].value], code=lacking[0].value)
    return row


def _apply_case(
    locked: Locked, row: Transition, detail: Detail, *, scope: Scope, at: datetime
) -> None:
    case = locked.case
    case.state = row.target.value
    _note_case(case, row, detail, at)
    if row.name == "redo":
        _open_round(locked, detail, at)
    if row.name in {"pass", "fail"}:
        _settle_parts(locked, row, scope=scope, at=at)
    for effect in row.clocks:
        if effect.clock != ON_PARTS_CLOCK:
            clockwork.apply_to_case(case, effect, scope=scope, at=at)
            continue
        for part in _parts_with_clock(locked, effect.effect):
            clockwork.apply_to_part(part, case, effect, detail, scope=scope, at=at)
    if row.target in {State.REWORK, State.SUSPENDED, State.IN_PROGRESS}:
        clockwork.follow_parts(case, locked.parts)
    if row.name == "resume":
        case.state = _followed(locked).value


def _note_case(case: Case, row: Transition, detail: Detail, at: datetime) -> None:
    if row.target == State.FILED:
        case.filed_at, case.closed_at = case.filed_at or at, None
    if row.target in {State.CLOSED, State.REJECTED, State.VOIDED}:
        case.closed_at = at
    if row.target == State.REWORK:
        case.reworks += 1
    if row.name == "reject":
        case.answer = detail.reason.strip()
    case.rating = detail.rating or case.rating
    case.review_at = detail.review_at or case.review_at
    case.master_id = detail.master_id or case.master_id


def _open_round(locked: Locked, detail: Detail, at: datetime) -> None:
    case = locked.case
    case.round_no += 1
    locked.round = Round.objects.create(
        case=case, no=case.round_no, opened_at=at, reason=detail.words.strip()
    )
    locked.parts = []


def _settle_parts(locked: Locked, row: Transition, *, scope: Scope, at: datetime) -> None:
    assert locked.round is not None
    passed = row.target == State.CLOSED
    for part in locked.parts:
        if part.state == PartState.FED_BACK:
            part.state = (PartState.ACCEPTED if passed else PartState.REWORK).value
    if passed:
        locked.round.verified_by, locked.round.verified_at = scope.person_id, at


def _parts_with_clock(locked: Locked, effect: Clock) -> list[Part]:
    if effect == Clock.REOPEN:
        return [part for part in locked.parts if part.state == PartState.REWORK]
    return [part for part in locked.parts if part.state in clockwork.OPEN_PARTS]


def _apply_part(
    locked: Locked, part: Part, row: Transition, detail: Detail, *, scope: Scope, at: datetime
) -> None:
    case = locked.case
    part.state = row.target.value
    _note_part(case, part, row, detail, at)
    _note_hand(locked, scope)
    for effect in row.clocks:
        clockwork.apply_to_part(part, case, effect, detail, scope=scope, at=at)
    case.state = _followed(locked).value
    clockwork.follow_parts(case, locked.parts)
    if case.state == State.FED_BACK:
        clockwork.start(case, case, "verify", origin=scope.origin, at=at)
    if case.state == State.RETURNED:
        clockwork.start(case, case, "dispatch", origin=scope.origin, at=at)


def _note_part(case: Case, part: Part, row: Transition, detail: Detail, at: datetime) -> None:
    if row.target == PartState.SIGNED:
        part.signed_at = at
        part.grade = detail.grade
        case.grade = (
            "major" if "major" in {case.grade, detail.grade} else detail.grade or case.grade
        )
    if row.target == PartState.FED_BACK:
        part.fed_back_at, part.answer = at, detail.words.strip() or part.answer
        if part.role == Role.LEAD:
            case.answer = part.answer
    if row.target == PartState.RETURNED:
        part.returned_basis = detail.reason.strip()
        case.returns += 1


def _note_hand(locked: Locked, scope: Scope) -> None:
    person = scope.person_id
    if locked.round is not None and person is not None and person not in locked.round.hands:
        locked.round.hands = [*locked.round.hands, person]


def _followed(locked: Locked) -> State:
    return state_of_round((Role(part.role), PartState(part.state)) for part in locked.parts)


def _silent(row: Transition) -> Transition:
    return replace(row, notice="")


def _save(locked: Locked) -> None:
    locked.case.version += 1
    for part in locked.parts:
        part.save()
    if locked.round is not None:
        locked.round.save()
    locked.case.save()


def moved(case: Case, part: Part | None = None) -> Moved:
    """Return what the answer shows."""
    return Moved(
        case_id=CaseId(case.pk),
        number=case.number,
        state=State(case.state),
        area_path=AreaPath(case.area_path),
        part_id=PartId(part.pk) if part else None,
        part_state=PartState(part.state) if part else None,
        due_at=part.due_at if part and part.due_at else case.due_at,
    )
