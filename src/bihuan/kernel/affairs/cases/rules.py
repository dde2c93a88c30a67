"""Pure decisions about matters: which move is open, what is missing, what follows from parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bihuan.kernel.affairs.cases.types import (
    Detail,
    Guard,
    Lifecycle,
    Link,
    MoveName,
    Needs,
    On,
    PartState,
    Role,
    State,
    Transition,
)

MAX_RETURNS = 2
"""How often a matter may be returned before it is assigned by force (domain A3)."""

IN_PLAY = frozenset(
    {
        PartState.DISPATCHED,
        PartState.SIGNED,
        PartState.IN_PROGRESS,
        PartState.FED_BACK,
        PartState.REWORK,
        PartState.ACCEPTED,
    }
)
"""States of a part that still counts."""

FOLLOW_THE_PARTS = frozenset(
    {
        State.DISPATCHED,
        State.RETURNED,
        State.SIGNED,
        State.IN_PROGRESS,
        State.FED_BACK,
        State.REWORK,
    }
)
"""States of a matter that are nobody's choice: they follow from its parts."""

_LINKS: Mapping[State, Link] = {
    State.REPORTED: Link.REPORT,
    State.VERIFYING: Link.REPORT,
    State.REJECTED: Link.REPORT,
    State.VOIDED: Link.REPORT,
    State.MERGED: Link.FILE,
    State.FILED: Link.FILE,
    State.RETURNED: Link.DISPATCH,
    State.DISPATCHED: Link.DISPATCH,
    State.SIGNED: Link.HANDLE,
    State.IN_PROGRESS: Link.HANDLE,
    State.REWORK: Link.HANDLE,
    State.SUSPENDED: Link.HANDLE,
    State.FED_BACK: Link.FEED_BACK,
    State.CLOSED: Link.VERIFY,
    State.EVALUATED: Link.EVALUATE,
}


class UnableToDeclareLife(ValueError):
    """A life could lose a matter; the text lists every fault."""


def link_of(state: State) -> Link:
    """Return how far round the loop a matter in `state` has come."""
    return _LINKS[state]


# -- moves ----------------------------------------------------------------------------------------


def find_transition(life: Lifecycle, move: MoveName, *, on: On) -> Transition | None:
    """Return the row of the table for `move`, or None."""
    for transition in life.transitions:
        if transition.name == move and transition.on == on:
            return transition
    return None


def open_transitions(
    life: Lifecycle, state: State | PartState, *, on: On
) -> tuple[Transition, ...]:
    """Return the rows that start in `state`."""
    return tuple(t for t in life.transitions if t.on == on and state in t.source)


def missing_needs(transition: Transition, detail: Detail) -> tuple[Needs, ...]:
    """Return what the move must bring along and does not."""
    brought = {
        Needs.WORDS: bool(detail.words.strip()),
        Needs.REASON: bool(detail.reason.strip()),
        Needs.BASIS: bool(detail.reason.strip()),
        Needs.AFTER_PHOTO: bool(detail.photos),
        Needs.ON_THE_SPOT: detail.on_the_spot,
        Needs.GRADE: detail.grade in {"general", "major"},
        Needs.RATING: detail.rating in {"satisfied", "fairly_satisfied", "neutral", "unsatisfied"},
        Needs.REVIEW_DATE: detail.review_at is not None,
        Needs.MASTER: detail.master_id is not None,
    }
    return tuple(need for need in transition.needs if not brought[need])


@dataclass(frozen=True, slots=True)
class Standing:
    """What the guards look at: who asks, and what is so. Made from a Scope and locked rows."""

    covers_area: bool = False
    own_unit: bool = False
    concerned_firm: bool = False
    raiser: bool = False
    had_a_hand: bool = False
    """The asker dispatched, handled or sent back this round."""
    returns: int = 0
    redone: bool = False


def failing_guards(transition: Transition, standing: Standing) -> tuple[Guard, ...]:
    """Return the guards of the move that do not hold."""
    holds = {
        Guard.COVERS_AREA: standing.covers_area,
        Guard.OWN_UNIT: standing.own_unit,
        Guard.CONCERNED_FIRM: standing.concerned_firm,
        Guard.RAISER: standing.raiser,
        Guard.ANOTHER_PERSON: not standing.had_a_hand,
        Guard.WITHIN_RETURNS: standing.returns < MAX_RETURNS,
        Guard.FIRST_REDO: not standing.redone,
    }
    return tuple(guard for guard in transition.guards if not holds[guard])


# -- what follows from the parts ------------------------------------------------------------------


def state_of_round(parts: Iterable[tuple[Role, PartState]]) -> State:
    """Return where a dispatched matter stands, from the roles and states of its parts."""
    active = [(role, state) for role, state in parts if state in IN_PLAY]
    states = {state for _, state in active}
    lead = next((state for role, state in active if role == Role.LEAD), None)
    if lead is None:
        return State.RETURNED
    if states <= {PartState.FED_BACK, PartState.ACCEPTED}:
        return State.FED_BACK
    if PartState.REWORK in states:
        return State.REWORK
    if states & {PartState.IN_PROGRESS, PartState.FED_BACK}:
        return State.IN_PROGRESS
    return State.SIGNED if lead == PartState.SIGNED else State.DISPATCHED


def faults_of_dispatch(parts: Iterable[tuple[Role, int]]) -> tuple[str, ...]:
    """Return what is wrong with a dispatch: exactly one lead, no unit twice."""
    given = list(parts)
    units = [unit for _, unit in given]
    faults = []
    if sum(role == Role.LEAD for role, _ in given) != 1:
        faults.append("one_lead")
    if len(units) != len(set(units)):
        faults.append("unit_twice")
    return tuple(faults)


# -- a life that could lose a matter is refused ---------------------------------------------------


def check_lifecycle(life: Lifecycle) -> None:
    """Refuse a life in which a matter could be lost.

    Raises:
        UnableToDeclareLife: a state cannot be reached, an open state has neither a deadline nor a
            review date nor a master, or no duty answers for it, or a closing move lacks an outcome
            or a notice to who raised the matter.
    """
    faults = (*_unreached(life), *_uncovered(life), *_silent_ends(life))
    if faults:
        raise UnableToDeclareLife(f"life {life.code}: " + "; ".join(faults))


def _case_states(life: Lifecycle) -> set[State]:
    named = {t.target for t in life.transitions if t.on == On.CASE}
    named |= {s for t in life.transitions if t.on == On.CASE for s in t.source}
    return {State(s) for s in named} | {life.first}


def _reached(life: Lifecycle) -> set[State]:
    reached = {life.first}
    grown = True
    while grown:
        step = {
            State(t.target) for t in life.transitions if t.on == On.CASE and reached & set(t.source)
        }
        if State.DISPATCHED in reached | step:
            step |= FOLLOW_THE_PARTS
        grown = not step <= reached
        reached |= step
    return reached


def _unreached(life: Lifecycle) -> list[str]:
    return [f"{s} cannot be reached" for s in sorted(_case_states(life) - _reached(life))]


def _uncovered(life: Lifecycle) -> list[str]:
    covered = {state for deadline in life.deadlines for state in deadline.covers} | life.follows
    answered = {state for state, _ in life.duties}
    faults = []
    for state in sorted(_reached(life) - life.closed):
        if state not in covered:
            faults.append(f"{state} has no deadline, review date or master")
        if state not in answered:
            faults.append(f"nobody answers for {state}")
    return faults


def _silent_ends(life: Lifecycle) -> list[str]:
    ends = [t for t in life.transitions if t.on == On.CASE and t.target in life.closed]
    faults = [f"{t.name} closes without an outcome" for t in ends if not t.outcome]
    return faults + [f"{t.name} closes and tells nobody" for t in ends if not t.notice]
