"""What each move changes in the matter, its round and its parts, beside the state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.affairs.cases.models import Case, Part, Round, Supervision
from bihuan.kernel.affairs.cases.operations import clockwork
from bihuan.kernel.affairs.cases.operations.locking import Locked
from bihuan.kernel.affairs.cases.rules import AT_WORK
from bihuan.kernel.affairs.cases.types import (
    BY_ANSWER,
    Detail,
    PartState,
    Role,
    State,
    Transition,
)
from bihuan.kernel.ground.registry.types import Scope


@dataclass(frozen=True, slots=True)
class Act:
    """One move being made: by whom, when, with what."""

    locked: Locked
    row: Transition
    detail: Detail
    scope: Scope
    at: datetime

    @property
    def case(self) -> Case:
        """Return the matter."""
        return self.locked.case

    @property
    def words(self) -> str:
        """Return what was written."""
        return self.detail.words.strip()


def note_case(act: Act) -> None:
    """Let the matter remember what the move said."""
    case, detail, at = act.case, act.detail, act.at
    target = act.row.target
    if target == State.FILED:
        case.filed_at, case.closed_at = case.filed_at or at, None
    if target in {State.CLOSED, State.REJECTED, State.VOIDED, State.WITHDRAWN}:
        case.closed_at = at
    case.rating = detail.rating or case.rating
    case.solved = detail.solved or case.solved
    if target == State.SUSPENDED:
        case.review_at = detail.review_at
    also = _ALSO.get(act.row.name)
    if also is not None:
        also(act)


def _reject(act: Act) -> None:
    act.case.reject_reason, act.case.answer = act.detail.reason.strip(), act.words
    _hand(act)


def _uphold(act: Act) -> None:
    act.case.answer = act.words


def _appeal(act: Act) -> None:
    act.case.appealed, act.case.closed_at = True, None


def _grant(act: Act) -> None:
    act.case.reject_reason, act.case.answer = "", ""


def _fail(act: Act) -> None:
    act.case.reworks += 1
    round_ = act.locked.round
    if round_ is not None:
        round_.approved_by, round_.approved_at = None, None


def _draft(act: Act) -> None:
    round_ = act.locked.round
    assert round_ is not None
    round_.draft, round_.drafted_by = act.words, act.scope.person_id
    round_.approved_by, round_.approved_at = None, None


def _approve(act: Act) -> None:
    round_ = act.locked.round
    assert round_ is not None
    round_.draft = act.case.answer = act.words
    round_.approved_by, round_.approved_at = act.scope.person_id, act.at


def _supervise(act: Act) -> None:
    lead = next((p for p in act.locked.parts if p.role == Role.LEAD and p.state in AT_WORK), None)
    act.case.supervised = True
    Supervision.objects.create(
        case=act.case,
        person_id=act.scope.person_id,
        owner_id=lead.unit_id if lead else act.case.first_contact_id,
        words=act.words,
        at=act.at,
    )


def _answer_supervision(act: Act) -> None:
    act.case.supervised = False
    Supervision.objects.filter(case=act.case, answered_at__isnull=True).update(
        answer=act.words, answered_by=act.scope.person_id, answered_at=act.at
    )


def _looked_back(act: Act) -> None:
    act.case.look_back_at = None


_ALSO: dict[str, Callable[[Act], None]] = {
    "reject": _reject,
    "uphold": _uphold,
    "appeal": _appeal,
    "grant_appeal": _grant,
    "fail": _fail,
    "draft_answer": _draft,
    "approve_answer": _approve,
    "supervise": _supervise,
    "answer_supervision": _answer_supervision,
    "look_back": _looked_back,
}


def begin_round(act: Act) -> None:
    """Begin another round: a redo, a reopening, what a look-back found."""
    case = act.case
    count_round(act)
    act.locked.round = Round.objects.create(
        case=case,
        no=case.round_no,
        kind=act.row.new_round,
        opened_at=act.at,
        reason=act.words,
    )
    act.locked.parts = []


def count_round(act: Act) -> None:
    """Let the matter count another round; what was said of the last one falls."""
    case = act.case
    case.round_no += 1
    case.redos += act.row.new_round == "redo"
    case.reopenings += act.row.new_round == "reopen"
    case.returns, case.look_back_at, case.reopen_until = 0, None, None
    case.rating, case.solved, case.unreasonable = "", "", ""


def settle_parts(act: Act) -> None:
    """Let the verdict of the check reach the parts that were fed back."""
    round_ = act.locked.round
    assert round_ is not None
    passed = act.row.target == State.CLOSED
    for part in act.locked.parts:
        if part.state == PartState.FED_BACK:
            part.state = (PartState.ACCEPTED if passed else PartState.REWORK).value
    if passed:
        round_.verified_by, round_.verified_at = act.scope.person_id, act.at


def end_by_review(act: Act) -> None:
    """Let the parts end with a matter that the centre finds unreasonable."""
    for part in act.locked.parts:
        if part.state in AT_WORK | {PartState.FED_BACK}:
            part.state = PartState.ACCEPTED.value


def note_part(act: Act, part: Part) -> None:
    """Let the part, and the matter, remember what the move said."""
    case, detail = act.case, act.detail
    if act.row.name == "sign":
        part.grade = detail.grade
        case.grade = (
            "major" if "major" in {case.grade, detail.grade} else detail.grade or case.grade
        )
    if act.row.name in {"sign", "feed_back"} and part.signed_at is None:
        _note_signing(act, part)
    if act.row.name in {"contact", "feed_back"} and part.contacted_at is None:
        part.contacted_at = act.at
        part.contact_channel = detail.channel if act.row.name == "contact" else BY_ANSWER
    if act.row.name == "allow_extension":
        part.extended = True
    if act.row.target == PartState.FED_BACK:
        part.fed_back_at, part.answer = act.at, act.words or part.answer
        if part.role == Role.LEAD:
            case.answer = part.answer
    if act.row.target == PartState.RETURNED:
        part.returned_basis, part.suggested_unit_id = detail.reason.strip(), detail.suggested_unit
        case.returns += 1


def _note_signing(act: Act, part: Part) -> None:
    """Whoever answers has accepted: from now on this unit is the responsible one."""
    part.signed_at = act.at
    if part.role == Role.LEAD:
        act.case.first_contact_id = part.unit_id


def note_hand(act: Act) -> None:
    """Remember who had a hand in the round: he may not verify it."""
    _hand(act)


def _hand(act: Act) -> None:
    round_, person = act.locked.round, act.scope.person_id
    if round_ is not None and person is not None and person not in round_.hands:
        round_.hands = [*round_.hands, person]


def after_closing(act: Act) -> None:
    """Set until when it may be reopened and when somebody looks back."""
    case = act.case
    case.reopen_until = clockwork.moment_after(case, "cases.reopen_window", act.at)
    days = act.locked.terms.look_back_days
    case.look_back_at = clockwork.days_after(days, act.at) if days else None
