"""Pure decisions about matters: which move is open, what is missing, what follows from parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bihuan.kernel.affairs.cases.types import (
    CHANNELS,
    RATINGS,
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
    Terms,
    Transition,
)

NO_TERMS = Terms()
"""The terms of a matter whose class has no rules of its own."""

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

AT_WORK = frozenset(
    {PartState.DISPATCHED, PartState.SIGNED, PartState.IN_PROGRESS, PartState.REWORK}
)
"""States of a part whose unit still has to do something."""

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
    State.APPEALED: Link.REPORT,
    State.WITHDRAWN: Link.REPORT,
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


def missing_needs(
    transition: Transition, detail: Detail, terms: Terms = NO_TERMS
) -> tuple[Needs, ...]:
    """Return what the move must bring along and does not, by the terms of the matter's class."""
    reason = detail.reason.strip()
    listed = not transition.reasons or reason in transition.reasons
    brought = {
        Needs.WORDS: bool(detail.words.strip()),
        Needs.REASON: bool(reason) and listed,
        Needs.BASIS: bool(reason),
        Needs.AFTER_PHOTO: len(detail.photos) >= terms.after_photos,
        Needs.ON_THE_SPOT: detail.on_the_spot,
        Needs.GRADE: detail.grade in {"general", "major"},
        Needs.RATING: detail.rating in RATINGS,
        Needs.REVIEW_DATE: detail.review_at is not None,
        Needs.MASTER: detail.master_id is not None,
        Needs.AMOUNT: detail.amount > 0,
        Needs.CHANNEL: detail.channel in CHANNELS,
    }
    return tuple(need for need in transition.needs if not brought[need])


@dataclass(frozen=True, slots=True)
class Standing:
    """What the guards look at: who asks, and what is so. Made from a Scope and locked rows."""

    covers_area: bool = False
    own_unit: bool = False
    lead_unit: bool = False
    handling_unit: bool = False
    concerned_firm: bool = False
    raiser: bool = False
    raiser_known: bool = False
    had_a_hand: bool = False
    """The asker dispatched, handled or sent back this round."""
    heard: bool = True
    returns: int = 0
    most_returns: int = 2
    in_time_to_return: bool = True
    forced: bool = False
    overdue: bool = False
    extended: bool = False
    asked: frozenset[str] = frozenset()
    """What waits for somebody's decision."""
    asked_by_me: frozenset[str] = frozenset()
    stages_left: int = 0
    parts: int = 0
    others_open: bool = False
    contacted: bool = False
    drafted: bool = False
    drafted_by_me: bool = False
    answer_approved: bool = False
    appealed: bool = False
    redone: bool = False
    within_window: bool = True
    reopenings: int = 0
    most_reopenings: int = 2
    supervised: bool = False
    look_back_due: bool = False
    review_due: bool = False


def _holding(s: Standing, transition: Transition) -> Mapping[Guard, bool]:
    wish = transition.asks or transition.decides
    return {
        Guard.COVERS_AREA: s.covers_area,
        Guard.OWN_UNIT: s.own_unit,
        Guard.LEAD_UNIT: s.lead_unit,
        Guard.ANOTHER_UNIT: not s.handling_unit,
        Guard.CONCERNED_FIRM: s.concerned_firm,
        Guard.RAISER: s.raiser,
        Guard.RAISER_KNOWN: s.raiser_known,
        Guard.ANOTHER_PERSON: not s.had_a_hand,
        Guard.HEARD: s.heard,
        Guard.WITHIN_RETURNS: s.returns < s.most_returns,
        Guard.RETURNED_TOO_OFTEN: s.returns >= s.most_returns,
        Guard.IN_TIME_TO_RETURN: s.in_time_to_return,
        Guard.NOT_FORCED: not s.forced,
        Guard.BEFORE_DUE: not s.overdue,
        Guard.FIRST_EXTENSION: not s.extended,
        Guard.NOT_ASKED: wish not in s.asked,
        Guard.ASKED: wish in s.asked,
        Guard.NOT_THE_ASKER: wish not in s.asked_by_me,
        Guard.MORE_STAGES: s.stages_left > 0,
        Guard.LAST_STAGE: s.stages_left == 0,
        Guard.SEVERAL_PARTS: s.parts > 1,
        Guard.ANSWER_READY: s.parts <= 1 or s.answer_approved,
        Guard.ANSWER_DRAFTED: s.drafted and not s.answer_approved,
        Guard.NOT_THE_DRAFTER: not s.drafted_by_me,
        Guard.NOT_CONTACTED: not s.contacted,
        Guard.OTHERS_DONE: not s.others_open,
        Guard.FIRST_APPEAL: not s.appealed,
        Guard.FIRST_REDO: not s.redone,
        Guard.WITHIN_WINDOW: s.within_window,
        Guard.WITHIN_REOPENINGS: s.reopenings < s.most_reopenings,
        Guard.UNDER_SUPERVISION: s.supervised,
        Guard.NOT_SUPERVISED: not s.supervised,
        Guard.LOOK_BACK_DUE: s.look_back_due,
        Guard.REVIEW_DUE: s.review_due,
    }


def failing_guards(transition: Transition, standing: Standing) -> tuple[Guard, ...]:
    """Return the guards of the move that do not hold."""
    holds = _holding(standing, transition)
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


def others_open(parts: Iterable[tuple[Role, PartState]]) -> bool:
    """Return whether a unit other than the lead still has to do something."""
    return any(role != Role.LEAD and state in AT_WORK for role, state in parts)


def compose_answer(parts: Iterable[tuple[Role, str, str]]) -> str:
    """Return one answer from the parts' answers: the lead's first, each helper by name.

    It is what the lead unit finds in the form; it writes the sentence that the raiser reads.
    """
    given = [(role, unit, words.strip()) for role, unit, words in parts if words.strip()]
    lead = [words for role, _, words in given if role == Role.LEAD]
    others = [f"{unit}:{words}" for role, unit, words in given if role != Role.LEAD]
    return "\n".join([*lead, *others])


# -- matters about the same -----------------------------------------------------------------------


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1, by the pairs of characters they share.

    Twice the shared pairs over all pairs (Dice). It needs no dictionary and works from two
    characters on; punctuation, digits' width and spaces do not count.
    """
    pairs, others = _pairs(one), _pairs(other)
    if not pairs or not others:
        return 0.0
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _pairs(text: str) -> frozenset[str]:
    kept = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
    return frozenset(kept[n : n + 2] for n in range(len(kept) - 1))


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
    named = {t.target for t in life.transitions if t.on == On.CASE and t.target is not None}
    named |= {s for t in life.transitions if t.on == On.CASE for s in t.source}
    return {State(s) for s in named} | {life.first}


def _reached(life: Lifecycle) -> set[State]:
    reached = {life.first}
    grown = True
    while grown:
        step = {
            State(t.target)
            for t in life.transitions
            if t.on == On.CASE and t.target is not None and reached & set(t.source)
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
