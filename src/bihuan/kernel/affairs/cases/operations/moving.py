"""Moving a matter or a part along the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bihuan.kernel.affairs.cases.models import Case, Part
from bihuan.kernel.affairs.cases.operations import (
    asking,
    attached,
    clockwork,
    effects,
    writing,
)
from bihuan.kernel.affairs.cases.operations.effects import Act
from bihuan.kernel.affairs.cases.operations.locking import (
    Locked,
    lock_by_part,
    lock_by_receipt,
    lock_case,
)
from bihuan.kernel.affairs.cases.operations.permitting import LackingEvidence, permitted
from bihuan.kernel.affairs.cases.rules import AT_WORK, state_of_round
from bihuan.kernel.affairs.cases.types import (
    MAY_SEE_OWN,
    CaseId,
    Clock,
    Detail,
    Moved,
    MoveName,
    PartId,
    PartState,
    Role,
    State,
)
from bihuan.kernel.affairs.fieldwork.api import BegunVerification
from bihuan.kernel.ground.events.types import Fact
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.platform.database.joining import part as part_of_whole
from bihuan.platform.database.together import Writing
from bihuan.platform.web.errors import NotAllowed

ON_PARTS_CLOCK = "dispose"
NOTHING = Detail()
BY_RECEIPT = frozenset({"supplement", "evaluate"})
"""What somebody may do who holds number and receipt code and has no account."""


def move_case(
    case_id: CaseId, *, move: MoveName, scope: Scope, at: datetime, detail: Detail = NOTHING
) -> Moved:
    """Move a matter.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, LackingEvidence, NotAllowed, UnableToAsk,
        UnableToMerge.
    """
    with part_of_whole():
        locked = lock_case(case_id, scope=scope, also=detail.master_id)
        row = permitted(locked, None, move, detail, scope=scope, at=at)
        return carry_out(Act(locked, row, detail, scope, at))


def move_by_receipt(
    number: str, code: str, *, move: MoveName, scope: Scope, at: datetime, detail: Detail = NOTHING
) -> Moved:
    """Let whoever holds number and receipt code add to a matter or give a verdict.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, LackingEvidence, NotAllowed.
    """
    if move not in BY_RECEIPT:
        raise NotAllowed("Sign in to do this, or call 12345.", code="by_receipt")
    with part_of_whole():
        locked = lock_by_receipt(number, code)
        holder = replace(scope, powers=scope.powers | {MAY_SEE_OWN})
        row = permitted(locked, None, move, detail, scope=holder, at=at, raiser=True)
        return carry_out(Act(locked, row, detail, holder, at))


def move_part(
    part_id: PartId, *, move: MoveName, scope: Scope, at: datetime, detail: Detail = NOTHING
) -> Moved:
    """Move one unit's part; the matter follows from its parts.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, LackingEvidence, NotAllowed, UnableToAsk.
    """
    with part_of_whole():
        locked = lock_by_part(part_id, scope=scope)
        part = locked.part(part_id)
        row = permitted(locked, part, move, detail, scope=scope, at=at)
        before, case_before = part.state, locked.case.state
        act = Act(locked, row, detail, scope, at)
        _apply_part(act, part)
        into = Writing()
        facts = _write(into, act, part)
        facts.append(writing.part_fact(locked.case, part, row, before))
        if locked.case.state != case_before:
            facts.append(writing.case_fact(locked.case, move=move, before=case_before))
        writing.record_with(into, facts, scope=scope, at=at)
        into.send()
    return moved(locked.case, part)


def carry_out(act: Act, seen: BegunVerification | None = None) -> Moved:
    """Make a permitted move on the matter: write, record the fact, return what the answer shows.

    What was `seen` on the spot goes with it, in one statement.
    """
    case, row = act.case, act.row
    before = case.state
    _apply_case(act)
    into = Writing()
    facts = _write(into, act)
    facts.append(writing.case_fact(case, move=row.name, before=before, notice=row.notice))
    branch = writing.record_with(into, facts, seen, scope=act.scope, at=act.at)
    written = f", EXISTS (SELECT FROM {branch})" if branch else ""
    ((followed, *kept),) = into.send(attached.FOLLOWED + written, case.pk)
    if seen is not None:
        seen.settle(written=kept[0])
    if followed and row.target == State.CLOSED:
        attached.answer_all(case, scope=act.scope, at=act.at)
    if followed and row.new_round:
        attached.reopen_all(case, scope=act.scope, at=act.at)
    return moved(case)


def _write(into: Writing, act: Act, part: Part | None = None) -> list[Fact]:
    """Let rows, history, photos and clocks of a move be written; return the facts of the photos."""
    case, row, scope, at = act.case, act.row, act.scope, act.at
    pieces = writing.photos_of(row.name, act.detail)
    facts = writing.attach_pieces(into, case, pieces, scope=scope, at=at)
    entry = writing.entry_of(case, row.name, act.detail, scope=scope, at=at, part=part)
    clockwork.end_all(into, act.locked, origin=scope.origin, at=at)
    act.locked.save_with(into, entry)
    return facts


def _apply_case(act: Act) -> None:
    case, row, locked = act.case, act.row, act.locked
    _check_more(act)
    _ask_or_decide(act, None)
    if row.target is not None:
        case.state = row.target.value
    effects.note_case(act)
    if act.detail.master_id is not None:
        attached.attach(locked, act.detail.master_id)
    if row.name == "detach":
        attached.detach(case)
    if row.new_round:
        effects.begin_round(act)
    _settle(act)
    _turn_clocks(act)
    if row.target in {State.REWORK, State.SUSPENDED, State.IN_PROGRESS}:
        clockwork.follow_parts(case, locked.parts)
    if row.name in {"resume", "review"}:
        case.state, case.review_at = _followed(locked).value, None


def _check_more(act: Act) -> None:
    wanted = act.detail.review_at
    if act.row.target != State.SUSPENDED or wanted is None:
        return
    latest = clockwork.moment_after(act.case, "cases.longest_wait", act.at)
    if not act.at < wanted <= latest:
        raise LackingEvidence(
            "The review date lies in the future, at most 90 days from now.", field="review_at"
        )


def _ask_or_decide(act: Act, part: Part | None) -> None:
    given = {"scope": act.scope, "at": act.at}
    if act.row.asks:
        asking.ask(act.locked, part, act.row, act.detail, **given)  # type: ignore[arg-type]
    if act.row.decides:
        asking.decide(act.locked, part, act.row, act.detail, **given)  # type: ignore[arg-type]


def _settle(act: Act) -> None:
    if act.row.name in {"pass", "fail"}:
        effects.settle_parts(act)
    if act.row.target == State.CLOSED:
        effects.after_closing(act)
        asking.drop_what_is_moot(act.locked, at=act.at)


def _turn_clocks(act: Act) -> None:
    locked = act.locked
    for effect in act.row.clocks:
        if effect.clock != ON_PARTS_CLOCK:
            clockwork.apply_to_case(locked, effect, scope=act.scope, at=act.at)
            continue
        for part in _parts_with_clock(locked, effect.effect):
            clockwork.apply_to_part(part, locked, effect, act.detail, scope=act.scope, at=act.at)
    if act.row.name == "allow_unreasonable":
        effects.end_by_review(act)


def _parts_with_clock(locked: Locked, effect: Clock) -> list[Part]:
    if effect == Clock.REOPEN:
        return [part for part in locked.parts if part.state == PartState.REWORK]
    return [part for part in locked.parts if part.state in AT_WORK]


def _apply_part(act: Act, part: Part) -> None:
    case, row, locked = act.case, act.row, act.locked
    asked = [a for a in locked.asked if a.kind == row.decides] if row.decides else []
    _ask_or_decide(act, part)
    if row.target is not None:
        part.state = row.target.value
    effects.note_part(act, part)
    if not row.decides:
        effects.note_hand(act)
    detail = replace(act.detail, amount=asked[0].amount) if asked else act.detail
    for effect in row.clocks:
        clockwork.apply_to_part(part, locked, effect, detail, scope=act.scope, at=act.at)
    if row.target is not None:
        case.state = _followed(locked).value
    clockwork.follow_parts(case, locked.parts)
    waits = {State.FED_BACK: "verify", State.RETURNED: "dispatch"}.get(State(case.state))
    if row.target is not None and waits:
        clockwork.start(case, case, waits, origin=act.scope.origin, at=act.at, ending=locked.ending)


def _followed(locked: Locked) -> State:
    return state_of_round((Role(part.role), PartState(part.state)) for part in locked.parts)


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
