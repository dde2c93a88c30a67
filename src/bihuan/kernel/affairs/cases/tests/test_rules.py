"""Pure decisions: the table, the guards, what follows from parts, lives that are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.affairs.cases import rules
from bihuan.kernel.affairs.cases.lifecycle import HAZARD_LIFE, STANDARD_LIFE
from bihuan.kernel.affairs.cases.types import (
    Detail,
    Guard,
    Link,
    MoveName,
    Needs,
    On,
    PartState,
    Role,
    State,
)

LEAD, HELP = Role.LEAD, Role.CO_HANDLER


def _row(name: str, on: On = On.CASE, life: object = STANDARD_LIFE):
    row = rules.find_transition(life, MoveName(name), on=on)  # type: ignore[arg-type]
    assert row is not None
    return row


class TestTheTable:
    @pytest.mark.parametrize("life", [STANDARD_LIFE, HAZARD_LIFE], ids=lambda life: life.code)
    def test_lives_of_the_house_lose_no_matter(self, life) -> None:
        rules.check_lifecycle(life)

    def test_every_state_shows_how_far_it_has_come(self) -> None:
        assert {state: rules.link_of(state) for state in State}[State.FED_BACK] is Link.FEED_BACK

    def test_only_a_hazard_is_graded_and_may_be_said_done_by_the_firm(self) -> None:
        assert Needs.GRADE in _row("sign", On.PART, HAZARD_LIFE).needs
        assert Needs.GRADE not in _row("sign", On.PART).needs
        assert rules.find_transition(STANDARD_LIFE, MoveName("say_done"), on=On.PART) is None
        assert _row("say_done", On.PART, HAZARD_LIFE).guards == (
            Guard.CONCERNED_FIRM,
            Guard.LAST_STAGE,
        )


class TestLivesThatAreRefused:
    def _without(self, name: str):
        kept = tuple(t for t in STANDARD_LIFE.transitions if t.name != name)
        return replace(STANDARD_LIFE, transitions=kept)

    def test_a_state_that_cannot_be_reached(self) -> None:
        with pytest.raises(rules.UnableToDeclareLife, match="filed cannot be reached"):
            rules.check_lifecycle(
                replace(
                    STANDARD_LIFE,
                    transitions=tuple(
                        t for t in STANDARD_LIFE.transitions if t.target != State.FILED
                    ),
                )
            )

    def test_an_open_state_without_a_deadline(self) -> None:
        kept = tuple(d for d in STANDARD_LIFE.deadlines if d.name != "verify")
        with pytest.raises(rules.UnableToDeclareLife, match="fed_back has no deadline"):
            rules.check_lifecycle(replace(STANDARD_LIFE, deadlines=kept))

    def test_an_open_state_for_which_nobody_answers(self) -> None:
        kept = tuple(pair for pair in STANDARD_LIFE.duties if pair[0] != State.REWORK)
        with pytest.raises(rules.UnableToDeclareLife, match="nobody answers for rework"):
            rules.check_lifecycle(replace(STANDARD_LIFE, duties=kept))

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"outcome": ""}, "reject closes without an outcome"),
            ({"notice": ""}, "reject closes and tells nobody"),
        ],
    )
    def test_a_close_that_is_silent(self, change: dict[str, str], fault: str) -> None:
        rows = tuple(
            replace(t, **change) if t.name == "reject" else t for t in STANDARD_LIFE.transitions
        )
        with pytest.raises(rules.UnableToDeclareLife, match=fault):
            rules.check_lifecycle(replace(STANDARD_LIFE, transitions=rows))


class TestNeedsAndGuards:
    def test_feedback_needs_words_and_a_photo(self) -> None:
        row = _row("feed_back", On.PART)
        assert rules.missing_needs(row, Detail()) == (Needs.WORDS, Needs.AFTER_PHOTO)
        assert rules.missing_needs(row, Detail(words="  ", photos=("a",))) == (Needs.WORDS,)
        assert rules.missing_needs(row, Detail(words="cleared", photos=("a",))) == ()

    def test_a_check_is_made_on_the_spot_by_another_person(self) -> None:
        row = _row("pass")
        assert rules.missing_needs(row, Detail(photos=("a",))) == (Needs.ON_THE_SPOT,)
        here = rules.Standing(covers_area=True, had_a_hand=True)
        assert rules.failing_guards(row, here) == (Guard.ANOTHER_PERSON,)
        assert rules.failing_guards(row, replace(here, had_a_hand=False)) == ()

    def test_a_third_return_is_refused(self) -> None:
        row = _row("return", On.PART)
        own = rules.Standing(own_unit=True, returns=1)
        assert rules.failing_guards(row, own) == ()
        assert rules.failing_guards(row, replace(own, returns=2)) == (Guard.WITHIN_RETURNS,)


class TestWhatFollowsFromTheParts:
    @pytest.mark.parametrize(
        ("parts", "state"),
        [
            ([(LEAD, PartState.DISPATCHED)], State.DISPATCHED),
            ([(LEAD, PartState.SIGNED), (HELP, PartState.DISPATCHED)], State.SIGNED),
            ([(LEAD, PartState.DISPATCHED), (HELP, PartState.SIGNED)], State.DISPATCHED),
            ([(LEAD, PartState.DISPATCHED), (HELP, PartState.IN_PROGRESS)], State.IN_PROGRESS),
            ([(LEAD, PartState.FED_BACK), (HELP, PartState.DISPATCHED)], State.IN_PROGRESS),
            ([(LEAD, PartState.FED_BACK), (HELP, PartState.FED_BACK)], State.FED_BACK),
            ([(LEAD, PartState.FED_BACK), (HELP, PartState.RETURNED)], State.FED_BACK),
            ([(LEAD, PartState.RETURNED), (HELP, PartState.FED_BACK)], State.RETURNED),
            ([(LEAD, PartState.RETURNED), (LEAD, PartState.SIGNED)], State.SIGNED),
            ([(LEAD, PartState.REWORK), (HELP, PartState.FED_BACK)], State.REWORK),
        ],
    )
    def test_cases_by_hand(self, parts, state: State) -> None:
        assert rules.state_of_round(parts) is state

    @given(st.lists(st.tuples(st.sampled_from(Role), st.sampled_from(PartState)), max_size=6))
    def test_fed_back_means_that_nobody_is_at_work(self, parts) -> None:
        state = rules.state_of_round(parts)
        active = {s for _, s in parts if s in rules.IN_PLAY}
        at_work = active - {PartState.FED_BACK, PartState.ACCEPTED}
        assert state in rules.FOLLOW_THE_PARTS
        if state is State.FED_BACK:
            assert not at_work
        lead_active = any(r == LEAD and s in rules.IN_PLAY for r, s in parts)
        assert (state is State.RETURNED) == (not lead_active)

    @pytest.mark.parametrize(
        ("parts", "faults"),
        [
            ([(LEAD, 1)], ()),
            ([], ("one_lead",)),
            ([(HELP, 1)], ("one_lead",)),
            ([(LEAD, 1), (LEAD, 2)], ("one_lead",)),
            ([(LEAD, 1), (HELP, 1)], ("unit_twice",)),
        ],
    )
    def test_a_dispatch_has_one_lead_and_no_unit_twice(self, parts, faults) -> None:
        assert rules.faults_of_dispatch(parts) == faults
