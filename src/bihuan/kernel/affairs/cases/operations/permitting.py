"""Whether a move may be made now: the power, the guards, the state, what it brings along."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import Part
from bihuan.kernel.affairs.cases.operations.locking import Locked
from bihuan.kernel.affairs.cases.policies import standing_of
from bihuan.kernel.affairs.cases.rules import failing_guards, find_transition, missing_needs
from bihuan.kernel.affairs.cases.types import (
    Detail,
    Guard,
    KindCode,
    Lifecycle,
    MoveName,
    Needs,
    On,
    State,
    Transition,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import Conflict, NotAllowed, Refused


class UnableToMove(Conflict):
    """The matter does not stand where this move begins; somebody may have been quicker."""


class UnableToDoAlone(NotAllowed):
    """A guard does not hold: another person, another unit or another moment is needed."""


class LackingEvidence(Refused):
    """The move must bring something along and does not."""


GUARD_WORDS = {
    Guard.COVERS_AREA: _("This matter lies outside your area."),
    Guard.OWN_UNIT: _("This part belongs to another unit."),
    Guard.LEAD_UNIT: _("Only the lead unit does this."),
    Guard.ANOTHER_UNIT: _("Your unit handled this matter. Somebody of another unit calls."),
    Guard.CONCERNED_FIRM: _("Only the firm concerned can say this."),
    Guard.RAISER: _("Only who raised the matter can do this."),
    Guard.RAISER_KNOWN: _("It was reported without a name: there is nobody to call."),
    Guard.ANOTHER_PERSON: _("You had a hand in this round of the matter. Ask a colleague."),
    Guard.HEARD: _("Only a voice note says what it is about. Listen, and write it down first."),
    Guard.WITHIN_RETURNS: _("It was returned twice already. The duty officer assigns it now."),
    Guard.RETURNED_TOO_OFTEN: _("It was not returned twice yet: dispatch it."),
    Guard.IN_TIME_TO_RETURN: _(
        "A return is made within one working day of the dispatch. Handle it, or ask the centre."
    ),
    Guard.NOT_FORCED: _("The centre assigned it to your unit after a joint review."),
    Guard.BEFORE_DUE: _("More time is asked for before the deadline, not after it."),
    Guard.FIRST_EXTENSION: _("The deadline was extended once already."),
    Guard.NOT_ASKED: _("This was asked for already; somebody decides it."),
    Guard.ASKED: _("Nobody asked for this, or it is decided already."),
    Guard.NOT_THE_ASKER: _("Who asks for something does not decide it. Ask a colleague."),
    Guard.MORE_STAGES: _("This is the last stage: feed back."),
    Guard.LAST_STAGE: _("There are more stages. Finish this one first."),
    Guard.SEVERAL_PARTS: _("Only one unit handles it; its answer is the answer."),
    Guard.ANSWER_READY: _(
        "Several units handled it: the lead drafts one answer and the centre "
        "approves it, then it can be closed."
    ),
    Guard.ANSWER_DRAFTED: _("No drafted answer waits for approval."),
    Guard.NOT_THE_DRAFTER: _("Who drafted the answer does not approve it. Ask a colleague."),
    Guard.NOT_CONTACTED: _("Your unit has spoken with them already."),
    Guard.OTHERS_DONE: _("Another unit still works on its part."),
    Guard.FIRST_APPEAL: _("The decision was looked at once more already."),
    Guard.FIRST_REDO: _("It was done again once already. The centre will call you about it."),
    Guard.WITHIN_WINDOW: _("It was closed too long ago. Report it again as a new matter."),
    Guard.WITHIN_REOPENINGS: _("It was reopened twice already. Report it again as a new matter."),
    Guard.UNDER_SUPERVISION: _("Nobody supervises this matter now."),
    Guard.NOT_SUPERVISED: _("It is supervised already."),
    Guard.LOOK_BACK_DUE: _("The day of the look-back has not come."),
    Guard.REVIEW_DUE: _("The review date has not come."),
}
"""What a person is told when a guard does not hold."""

NEED_WORDS = {
    Needs.WORDS: _("Write one sentence about it."),
    Needs.REASON: _("Give the reason."),
    Needs.BASIS: _("A return needs its legal basis."),
    Needs.AFTER_PHOTO: _("Add a photo of how it looks now."),
    Needs.ON_THE_SPOT: _("Confirm that you are on the spot."),
    Needs.GRADE: _("Grade the hazard: general or major."),
    Needs.RATING: _("Choose how satisfied you are."),
    Needs.REVIEW_DATE: _("Choose the day on which it is looked at again."),
    Needs.MASTER: _("Choose the matter into which it is merged."),
    Needs.AMOUNT: _("Say how much more time is needed."),
    Needs.CHANNEL: _("Say how you reached the person."),
}
"""What a person is told when a move lacks something."""


def permitted(
    locked: Locked,
    part: Part | None,
    move: MoveName,
    detail: Detail,
    *,
    scope: Scope,
    at: datetime,
    raiser: bool = False,
) -> Transition:
    """Return the row of the table for `move`, or refuse with the reason."""
    life = kinds.get_kind(KindCode(locked.case.kind)).life
    row = open_row(life, locked, part, move, scope=scope, at=at, raiser=raiser)
    lacking = missing_needs(row, detail, locked.terms)
    if lacking:
        raise LackingEvidence(NEED_WORDS[lacking[0]], code=lacking[0].value)
    return row


def open_row(
    life: Lifecycle,
    locked: Locked,
    part: Part | None,
    move: MoveName,
    *,
    scope: Scope,
    at: datetime,
    raiser: bool = False,
) -> Transition:
    """Return the row of the table for `move` if it is open to `scope` now, or refuse."""
    row = find_transition(life, move, on=On.PART if part else On.CASE)
    if row is None:
        raise UnableToMove("This matter knows no such step.", code="unknown_move")
    if not scope.has(row.power):
        raise NotAllowed("Your post may not do this.", code="power")
    _check_state(locked, part, row)
    _check_guards(locked, part, row, scope=scope, at=at, raiser=raiser)
    return row


def _check_guards(
    locked: Locked, part: Part | None, row: Transition, *, scope: Scope, at: datetime, raiser: bool
) -> None:
    standing = standing_of(
        scope,
        locked.case,
        locked.round,
        part,
        parts=locked.parts,
        asked=locked.asked if row.asks or row.decides else (),
        at=at,
    )
    guards = [
        guard for guard in failing_guards(row, standing) if not (raiser and guard is Guard.RAISER)
    ]
    if guards:
        raise UnableToDoAlone(GUARD_WORDS[guards[0]], code=guards[0].value)


def _check_state(locked: Locked, part: Part | None, row: Transition) -> None:
    state = part.state if part else locked.case.state
    if state not in row.source or (part and locked.case.state == State.SUSPENDED):
        raise UnableToMove(
            "Somebody was quicker: the matter has moved on. Look at it again.", code="moved_on"
        )
