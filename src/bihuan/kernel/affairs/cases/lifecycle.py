"""The life of a matter (domain A1.1) as one reviewed from → to table.

Read a row as: this move, on the matter or on a part, from these states to that one, needs this
power, these guards hold, it must bring this along, it does that to the clocks, and who raised the
matter is told so. The states of the matter between dispatch and feedback follow from its parts
(`rules.state_of_round`): no move sets them by hand.
"""

from __future__ import annotations

from dataclasses import replace

from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_DISPATCH,
    MAY_HANDLE,
    MAY_SAY_DONE,
    MAY_SEE_OWN,
    MAY_SUPERVISE,
    MAY_VERIFY,
    Clock,
    ClockEffect,
    Deadline,
    Guard,
    Lifecycle,
    MoveName,
    Needs,
    On,
    PartState,
    State,
    Transition,
)
from bihuan.kernel.ground.registry.types import DutyCode

ACCEPT, DISPATCH, DISPOSE, VERIFY = "accept", "dispatch", "dispose", "verify"
"""The four clocks of a matter: acceptance, dispatch, disposal (of each part), verification."""


def _clock(*effects: tuple[str, Clock]) -> tuple[ClockEffect, ...]:
    return tuple(ClockEffect(name, effect) for name, effect in effects)


_BEFORE_FILING = (State.REPORTED, State.VERIFYING)
_AT_WORK = (State.DISPATCHED, State.SIGNED, State.IN_PROGRESS, State.REWORK)

ON_THE_MATTER = (
    Transition(
        MoveName("check_first"),
        On.CASE,
        (State.REPORTED,),
        State.VERIFYING,
        MAY_ACCEPT,
        (Guard.COVERS_AREA,),
        notice="cases.checking",
    ),
    Transition(
        MoveName("file"),
        On.CASE,
        _BEFORE_FILING,
        State.FILED,
        MAY_ACCEPT,
        (Guard.COVERS_AREA,),
        clocks=_clock((ACCEPT, Clock.STOP), (DISPATCH, Clock.START)),
        notice="cases.filed",
    ),
    Transition(
        MoveName("reject"),
        On.CASE,
        _BEFORE_FILING,
        State.REJECTED,
        MAY_ACCEPT,
        (Guard.COVERS_AREA,),
        (Needs.REASON,),
        _clock((ACCEPT, Clock.STOP)),
        notice="cases.rejected",
        outcome="not_filed",
    ),
    Transition(
        MoveName("merge"),
        On.CASE,
        (*_BEFORE_FILING, State.FILED),
        State.MERGED,
        MAY_ACCEPT,
        (Guard.COVERS_AREA,),
        (Needs.MASTER,),
        _clock((ACCEPT, Clock.STOP), (DISPATCH, Clock.STOP)),
        notice="cases.merged",
    ),
    Transition(
        MoveName("void"),
        On.CASE,
        _BEFORE_FILING,
        State.VOIDED,
        MAY_SUPERVISE,
        (Guard.COVERS_AREA,),
        (Needs.REASON,),
        _clock((ACCEPT, Clock.STOP)),
        notice="cases.voided",
        outcome="entered_in_error",
    ),
    Transition(
        MoveName("dispatch"),
        On.CASE,
        (State.FILED, State.RETURNED),
        State.DISPATCHED,
        MAY_DISPATCH,
        (Guard.COVERS_AREA,),
        clocks=_clock((DISPATCH, Clock.STOP), (DISPOSE, Clock.START)),
        notice="cases.dispatched",
    ),
    Transition(
        MoveName("suspend"),
        On.CASE,
        _AT_WORK,
        State.SUSPENDED,
        MAY_SUPERVISE,
        (Guard.COVERS_AREA,),
        (Needs.REASON, Needs.REVIEW_DATE),
        _clock((DISPOSE, Clock.PAUSE)),
        notice="cases.suspended",
    ),
    Transition(
        MoveName("resume"),
        On.CASE,
        (State.SUSPENDED,),
        State.IN_PROGRESS,
        MAY_SUPERVISE,
        (Guard.COVERS_AREA,),
        clocks=_clock((DISPOSE, Clock.RESUME)),
        notice="cases.resumed",
    ),
    Transition(
        MoveName("pass"),
        On.CASE,
        (State.FED_BACK,),
        State.CLOSED,
        MAY_VERIFY,
        (Guard.COVERS_AREA, Guard.ANOTHER_PERSON),
        (Needs.ON_THE_SPOT,),
        _clock((VERIFY, Clock.STOP)),
        notice="cases.closed",
        outcome="solved",
    ),
    Transition(
        MoveName("fail"),
        On.CASE,
        (State.FED_BACK,),
        State.REWORK,
        MAY_VERIFY,
        (Guard.COVERS_AREA, Guard.ANOTHER_PERSON),
        (Needs.ON_THE_SPOT, Needs.REASON),
        _clock((VERIFY, Clock.STOP), (DISPOSE, Clock.REOPEN)),
        notice="cases.rework",
    ),
    Transition(
        MoveName("evaluate"),
        On.CASE,
        (State.CLOSED,),
        State.EVALUATED,
        MAY_SEE_OWN,
        (Guard.RAISER,),
        (Needs.RATING,),
        notice="cases.evaluated",
        outcome="evaluated",
    ),
    Transition(
        MoveName("redo"),
        On.CASE,
        (State.CLOSED,),
        State.FILED,
        MAY_SEE_OWN,
        (Guard.RAISER, Guard.FIRST_REDO),
        (Needs.WORDS,),
        _clock((DISPATCH, Clock.START)),
        notice="cases.redo",
    ),
)

ON_A_PART = (
    Transition(
        MoveName("sign"),
        On.PART,
        (PartState.DISPATCHED,),
        PartState.SIGNED,
        MAY_HANDLE,
        (Guard.OWN_UNIT,),
        notice="cases.signed",
    ),
    Transition(
        MoveName("start"),
        On.PART,
        (PartState.SIGNED,),
        PartState.IN_PROGRESS,
        MAY_HANDLE,
        (Guard.OWN_UNIT,),
        (Needs.WORDS,),
        notice="cases.started",
    ),
    Transition(
        MoveName("feed_back"),
        On.PART,
        (PartState.SIGNED, PartState.IN_PROGRESS, PartState.REWORK),
        PartState.FED_BACK,
        MAY_HANDLE,
        (Guard.OWN_UNIT,),
        (Needs.WORDS, Needs.AFTER_PHOTO),
        _clock((DISPOSE, Clock.STOP)),
        notice="cases.fed_back",
    ),
    Transition(
        MoveName("return"),
        On.PART,
        (PartState.DISPATCHED, PartState.SIGNED),
        PartState.RETURNED,
        MAY_HANDLE,
        (Guard.OWN_UNIT, Guard.WITHIN_RETURNS),
        (Needs.BASIS,),
        _clock((DISPOSE, Clock.STOP)),
    ),
)

SAY_DONE = Transition(
    MoveName("say_done"),
    On.PART,
    (PartState.SIGNED, PartState.IN_PROGRESS, PartState.REWORK),
    PartState.FED_BACK,
    MAY_SAY_DONE,
    (Guard.CONCERNED_FIRM,),
    (Needs.AFTER_PHOTO,),
    _clock((DISPOSE, Clock.STOP)),
    notice="cases.fed_back",
)
"""The firm concerned sends the part back as done; the unit stays answerable for its deadline."""

_DUTIES: tuple[tuple[State | PartState, DutyCode], ...] = (
    (State.REPORTED, DutyCode("acceptor")),
    (State.VERIFYING, DutyCode("acceptor")),
    (State.FILED, DutyCode("dispatcher")),
    (State.RETURNED, DutyCode("dispatcher")),
    (State.DISPATCHED, DutyCode("handler")),
    (State.SIGNED, DutyCode("handler")),
    (State.IN_PROGRESS, DutyCode("handler")),
    (State.REWORK, DutyCode("handler")),
    (State.SUSPENDED, DutyCode("duty_officer")),
    (State.FED_BACK, DutyCode("verifier")),
    (State.MERGED, DutyCode("dispatcher")),
)

_DEADLINES = (
    Deadline(ACCEPT, "cases.limit.accept", (State.REPORTED, State.VERIFYING)),
    Deadline(DISPATCH, "cases.limit.dispatch", (State.FILED, State.RETURNED)),
    Deadline(
        DISPOSE,
        "cases.limit.dispose",
        (State.DISPATCHED, State.SIGNED, State.IN_PROGRESS, State.REWORK, State.RETURNED),
    ),
    Deadline(VERIFY, "cases.limit.verify", (State.FED_BACK,)),
)

STANDARD_LIFE = Lifecycle(
    code="standard",
    transitions=(*ON_THE_MATTER, *ON_A_PART),
    deadlines=_DEADLINES,
    closed=frozenset({State.REJECTED, State.VOIDED, State.CLOSED, State.EVALUATED}),
    follows=frozenset({State.MERGED, State.SUSPENDED}),
    duties=_DUTIES,
)
"""The life of an ordinary matter."""


def _graded(transition: Transition) -> Transition:
    if transition.name != "sign":
        return transition
    return replace(transition, needs=(*transition.needs, Needs.GRADE))


HAZARD_LIFE = replace(
    STANDARD_LIFE,
    code="hazard",
    transitions=(*(_graded(t) for t in STANDARD_LIFE.transitions), SAY_DONE),
)
"""The life of a hazard: signing grades it (which confirms it), and the firm may say it is done."""
