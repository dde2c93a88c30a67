"""Calling back who raised a matter (回访): by another person, of another unit, in plain results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.affairs.cases.models import CallBack
from bihuan.kernel.affairs.cases.operations.effects import Act
from bihuan.kernel.affairs.cases.operations.locking import lock_case
from bihuan.kernel.affairs.cases.operations.moving import carry_out
from bihuan.kernel.affairs.cases.operations.permitting import LackingEvidence, permitted
from bihuan.kernel.affairs.cases.types import (
    CALL_BACK_RESULTS,
    UNREACHED,
    CaseId,
    Detail,
    Moved,
    MoveName,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.database.joining import part as part_of_whole


@dataclass(frozen=True, slots=True)
class Called:
    """What a call back brought."""

    result: str
    channel: str
    solved: str = ""
    words: str = ""


def call_back(case_id: CaseId, called: Called, *, scope: Scope, at: datetime) -> Moved:
    """Write down a call back. Not satisfied: the matter is done again once, with a new limit.

    Nobody reached leaves the matter waiting; a second "not satisfied" is kept as the verdict.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, LackingEvidence, NotAllowed.
    """
    if called.result not in CALL_BACK_RESULTS:
        raise LackingEvidence("Choose what the call brought.", field="result", code="result")
    reached = called.result != UNREACHED
    detail = Detail(
        words=called.words,
        channel=called.channel,
        solved=called.solved if reached else "",
        rating=called.result if reached else "",
    )
    with part_of_whole():
        locked = lock_case(case_id, scope=scope)
        move = _move(called.result, redone=locked.case.redos > 0)
        row = permitted(locked, None, move, detail, scope=scope, at=at)
        assert scope.person_id is not None
        CallBack.objects.create(
            case=locked.case,
            round_no=locked.case.round_no,
            person_id=scope.person_id,
            channel=called.channel,
            result=called.result,
            words=called.words.strip(),
            at=at,
        )
        return carry_out(Act(locked, row, detail, scope, at))


def _move(result: str, *, redone: bool) -> MoveName:
    if result == UNREACHED:
        return MoveName("call_back_missed")
    if result == "unsatisfied" and not redone:
        return MoveName("call_back_redo")
    return MoveName("call_back")
