"""The lives that scenes may give to their kinds of matter."""

from __future__ import annotations

from dataclasses import replace

from bihuan.kernel.affairs.cases.lifecycle.afterwards import AFTERWARDS
from bihuan.kernel.affairs.cases.lifecycle.centre import CHECKING, WAITING, WATCHING
from bihuan.kernel.affairs.cases.lifecycle.clocks import ACCEPT, DISPATCH, DISPOSE, VERIFY
from bihuan.kernel.affairs.cases.lifecycle.handling import HANDLING, SAY_DONE
from bihuan.kernel.affairs.cases.lifecycle.intake import INTAKE
from bihuan.kernel.affairs.cases.types import (
    Deadline,
    Lifecycle,
    Needs,
    PartState,
    State,
    Transition,
)
from bihuan.kernel.ground.registry.types import DutyCode

_DUTIES: tuple[tuple[State | PartState, DutyCode], ...] = (
    (State.REPORTED, DutyCode("acceptor")),
    (State.VERIFYING, DutyCode("acceptor")),
    (State.APPEALED, DutyCode("acceptor")),
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
    Deadline(ACCEPT, "cases.limit.accept", (State.REPORTED, State.VERIFYING, State.APPEALED)),
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
    transitions=(*INTAKE, *HANDLING, *WAITING, *WATCHING, *CHECKING, *AFTERWARDS),
    deadlines=_DEADLINES,
    closed=frozenset(
        {State.REJECTED, State.VOIDED, State.WITHDRAWN, State.CLOSED, State.EVALUATED}
    ),
    follows=frozenset({State.MERGED, State.SUSPENDED}),
    duties=_DUTIES,
)
"""The life of an ordinary matter."""


def _graded(transition: Transition) -> Transition:
    """Return the row as a hazard has it: signing grades it, so that no answer comes before."""
    if transition.name == "sign":
        return replace(transition, needs=(*transition.needs, Needs.GRADE))
    if transition.name == "feed_back":
        signed = tuple(s for s in transition.source if s != PartState.DISPATCHED)
        return replace(transition, source=signed)
    return transition


HAZARD_LIFE = replace(
    STANDARD_LIFE,
    code="hazard",
    transitions=(*(_graded(t) for t in STANDARD_LIFE.transitions), SAY_DONE),
)
"""The life of a hazard: signing grades it (which confirms it), and the firm may say it is done."""
