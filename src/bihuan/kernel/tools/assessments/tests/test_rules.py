"""What is shown, what lacks, what it adds up to: every total lies in exactly one band."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.kernel.tools.assessments.rules.checking import check_definition, total_range
from bihuan.kernel.tools.assessments.rules.data import (
    from_data,
    hash_definition,
    to_data,
)
from bihuan.kernel.tools.assessments.rules.scoring import (
    band_of,
    dependents,
    evaluate,
    find_faults,
    shown_items,
)
from bihuan.kernel.tools.assessments.testing import (
    BANDS,
    FREQUENCY,
    answers,
    checklist,
    nine,
    scale,
)
from bihuan.kernel.tools.assessments.types import (
    Alert,
    Answer,
    Band,
    Clause,
    Compare,
    Condition,
    Definition,
    Dimension,
    Instrument,
    InstrumentCode,
    Item,
    ItemType,
    Kind,
    Method,
    Option,
    Outcome,
    Scoring,
)


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def faults(definition: Definition, given) -> list[tuple[str, str]]:
    return [(fault.item, fault.code) for fault in find_faults(definition, given)]


# -- any instrument at all ------------------------------------------------------------------------


def tiles(low: int, high: int, cuts: list[int]) -> tuple[Band, ...]:
    """Return bands that begin at `low`, after each cut, and end at `high`."""
    starts = sorted({low, *(low + 1 + cut % max(1, high - low) for cut in cuts if high > low)})
    ends = [*(start - 1 for start in starts[1:]), high]
    return tuple(
        Band(f"b{n}", "x", s, e) for n, (s, e) in enumerate(zip(starts, ends, strict=True))
    )


@st.composite
def instruments(draw) -> Definition:
    items: list[Item] = []
    for n in range(draw(st.integers(1, 5))):
        points = draw(st.lists(st.integers(-3, 5), min_size=2, max_size=4))
        many = draw(st.booleans())
        shown_if = Condition()
        if items and draw(st.booleans()):
            looked_at = draw(st.sampled_from(items))
            if draw(st.booleans()):
                option = draw(st.sampled_from(looked_at.options))
                clause = Clause(Compare.IS, option.code, item=looked_at.code)
            else:
                clause = Clause(Compare.AT_LEAST, str(draw(st.integers(-4, 8))))
            shown_if = Condition((clause,))
        items.append(
            Item(
                f"q{n}",
                "x",
                ItemType.CHOICES if many else ItemType.CHOICE,
                options=tuple(Option(f"o{k}", "x", points=p) for k, p in enumerate(points)),
                shown_if=shown_if,
                required=draw(st.booleans()),
                reversed=draw(st.booleans()),
                weight=draw(st.integers(1, 3)),
                dimension=draw(st.sampled_from(["", "a", "b"])),
            )
        )
    method = draw(st.sampled_from([Method.SUM, Method.WEIGHTED]))
    dimensions = (Dimension("a"), Dimension("b"))
    bare = Definition(
        Instrument(InstrumentCode("any"), "x", Kind.SCALE),
        "x",
        tuple(items),
        scoring=Scoring(method, dimensions=dimensions),
    )
    cuts = draw(st.lists(st.integers(0, 60), max_size=4))
    with_bands = tuple(
        replace(d, bands=tiles(*total_range(bare, d.code), cuts)) for d in dimensions
    )
    bands = tiles(*total_range(bare), cuts)
    return replace(bare, scoring=replace(bare.scoring, bands=bands, dimensions=with_bands))


def some_answers(definition: Definition, dice: random.Random, *, whole: bool = True):
    given = {}
    for item in definition.items:
        options = [o.code for o in item.options]
        if item.type is ItemType.CHOICES:
            value = tuple(o for o in options if dice.random() < 0.5) or (options[0],)
        else:
            value = dice.choice(options)
        if whole or dice.random() < 0.7:
            given[item.code] = Answer(value)
    return given


def by_hand(definition: Definition, given, dimension: str) -> int:
    """Add up the other way: from the options, without the walk, for what is shown."""
    total = 0
    for item in shown_items(definition, given):
        if item.code not in given or dimension not in {"", item.dimension}:
            continue
        points = {o.code: o.points for o in item.options}
        value = given[item.code].value
        chosen = [points[v] for v in (value if isinstance(value, tuple) else (value,))]
        many = item.type is ItemType.CHOICES
        low = sum(p for p in points.values() if p < 0) if many else min(points.values())
        high = sum(p for p in points.values() if p > 0) if many else max(points.values())
        mine = low + high - sum(chosen) if item.reversed else sum(chosen)
        total += mine * (item.weight if definition.scoring.method is Method.WEIGHTED else 1)
    return total


class TestAnyInstrument:
    @settings(max_examples=150, deadline=None)
    @given(instruments(), st.randoms(use_true_random=False))
    def test_every_total_lies_in_exactly_one_band(self, definition, dice) -> None:
        assert check_definition(definition) == ()
        bands = {"": definition.scoring.bands}
        bands |= {d.code: d.bands for d in definition.scoring.dimensions}
        for _ in range(8):
            given_answers = some_answers(definition, dice)
            assert find_faults(definition, given_answers) == ()
            scores = {s.dimension: s for s in evaluate(definition, given_answers).scores}
            assert set(scores) == {"", "a", "b"}
            for dimension, score in scores.items():
                assert score.total == by_hand(definition, given_answers, dimension)
                fitting = [
                    b.code for b in bands[dimension] if b.at_least <= score.total <= b.at_most
                ]
                assert fitting == [score.band]

    @settings(max_examples=80, deadline=None)
    @given(instruments(), st.randoms(use_true_random=False))
    def test_order_does_not_matter_and_what_is_hidden_never_counts(self, definition, dice) -> None:
        first = some_answers(definition, dice, whole=False)
        result = evaluate(definition, first)
        shuffled = list(first.items())
        dice.shuffle(shuffled)
        assert evaluate(definition, dict(shuffled)) == result
        other = some_answers(definition, dice)
        changed = {**first, **{code: other[code] for code in result.hidden}}
        assert evaluate(definition, changed) == result
        left_out = {code: a for code, a in first.items() if code not in result.hidden}
        assert evaluate(definition, left_out) == result
        assert find_faults(definition, changed) == find_faults(definition, left_out)

    @settings(max_examples=80, deadline=None)
    @given(instruments(), st.integers(0, 3), st.sampled_from([-1, 1]))
    def test_a_band_moved_by_one_is_always_noticed(self, definition, which, step) -> None:
        bands = list(definition.scoring.bands)
        moved = bands[which % len(bands)]
        bands[which % len(bands)] = replace(moved, at_most=moved.at_most + step)
        last = moved == definition.scoring.bands[-1]
        broken = replace(definition, scoring=replace(definition.scoring, bands=tuple(bands)))
        found = set(codes(check_definition(broken)))
        if last and step == 1:
            assert found == set()  # room above the most that can be reached harms nobody
        else:
            assert found & {"bands_overlap", "bands_gap", "bands_short", "bounds"}

    @settings(max_examples=60, deadline=None)
    @given(instruments())
    def test_becomes_data_and_comes_back(self, definition) -> None:
        again = from_data(to_data(definition))
        assert again == definition
        assert hash_definition(again) == hash_definition(definition)


# -- a scale of nine items ------------------------------------------------------------------------


class TestAScale:
    def test_every_total_from_0_to_27(self) -> None:
        expected = [
            *["none"] * 5,
            *["mild"] * 5,
            *["moderate"] * 5,
            *["marked"] * 5,
            *["severe"] * 8,
        ]
        for total, band in enumerate(expected):
            points = [min(3, max(0, total - 3 * n)) for n in range(9)]
            (score, part) = evaluate(scale(), nine(*points)).scores
            assert (score.total, score.band, score.prorated) == (total, band, False)
            assert (part.dimension, part.total) == ("a", points[0] + points[1])

    def test_the_tenth_question_is_asked_only_above_nought(self) -> None:
        shown = [item.code for item in shown_items(scale(), nine(*[0] * 9))]
        assert "trouble" not in shown
        assert find_faults(scale(), nine(*[0] * 9, trouble="")) == ()
        assert faults(scale(), nine(0, 0, 0, 0, 0, 0, 0, 0, 1, trouble="")) == [
            ("trouble", "lacking")
        ]

    def test_the_ninth_alerts_whatever_the_total(self) -> None:
        assert evaluate(scale(), nine(0, 0, 0, 0, 0, 0, 0, 0, 1)).alerts == ("ninth",)
        assert evaluate(scale(), nine(3, 3, 3, 3, 3, 3, 3, 3, 0)).alerts == ()
        assert evaluate(scale(), {"q9": Answer("d1")}).alerts == ("ninth",)  # broken off before

    @pytest.mark.parametrize(
        ("points", "total"),
        [((1, 1, 1, 1, 1, 1, 1), 9), ((3, 3, 3, 3, 3, 3, 3), 27), ((0, 0, 1, 2, 2, 2, 2), 12)],
    )
    def test_two_may_lack_and_the_mean_stands_in(self, points, total) -> None:
        assert find_faults(scale(), nine(*points)) == ()
        whole = evaluate(scale(), nine(*points)).scores[0]
        assert (whole.total, whole.prorated) == (total, True)

    def test_three_may_not(self) -> None:
        assert [item for item, _ in faults(scale(), nine(1, 1, 1, 1, 1, 1))] == ["q7", "q8", "q9"]
        assert all(s.dimension == "a" for s in evaluate(scale(), nine(1, 1, 1, 1, 1, 1)).scores)
        assert find_faults(scale(), nine(1, 1), broken_off=True) == ()

    def test_made_up_totals_round_half_up_and_stay_in_the_bands(self) -> None:
        for points in itertools.product((0, 1, 3), repeat=7):
            score = evaluate(scale(), nine(*points)).scores[0]
            assert score.total == int(sum(points) * 9 / 7 + 0.5)
            assert score.band == band_of(BANDS, score.total) != ""

    def test_an_alert_on_the_total(self) -> None:
        high = Alert("high", "x", Condition((Clause(Compare.AT_LEAST, "10"),)))
        with_total = replace(scale(), alerts=(high,))
        assert evaluate(with_total, nine(3, 3, 3, 1, 0, 0, 0, 0, 0)).alerts == ("high",)
        assert evaluate(with_total, nine(3, 3, 3, 0, 0, 0, 0, 0, 0)).alerts == ()


# -- a checklist ----------------------------------------------------------------------------------


class TestAChecklist:
    def test_which_items_come_and_go_by_which_answer(self) -> None:
        assert dependents(checklist()) == {"electrician": ("wiring",)}
        assert dependents(scale()) == {f"q{n}": ("trouble",) for n in range(1, 10)}
        items = tuple(
            Item(code, "x", shown_if=Condition((Clause(Compare.IS, "fail", item=before),)))
            for code, before in (("b", "a"), ("c", "b"))
        )
        chain = replace(checklist(), items=(Item("a", "x"), *items))
        assert dependents(chain) == {"a": ("b", "c"), "b": ("c",)}

    def test_without_the_electrician_the_wiring_is_not_asked(self) -> None:
        absent = answers(electrician="absent", wiring="fail", exit="pass")
        result = evaluate(checklist(), absent)
        assert result.hidden == ("wiring",)
        assert [c.item for c in result.counted] == ["electrician", "exit", "remark"]
        assert result.failed() == ()
        assert faults(checklist(), absent) == []

    @pytest.mark.parametrize("outcome", list(Outcome))
    def test_each_outcome(self, outcome: Outcome) -> None:
        given_answers = answers(electrician="absent", exit=outcome.value)
        result = evaluate(checklist(), given_answers)
        assert result.counted[1].outcome is outcome
        assert [c.item for c in result.failed()] == (["exit"] if outcome is Outcome.FAIL else [])

    def test_what_lacks_and_what_does_not_fit(self) -> None:
        assert faults(checklist(), {}) == [("electrician", "lacking"), ("exit", "lacking")]
        odd = answers(electrician="perhaps", exit="order", stranger="x")
        assert faults(checklist(), odd) == [
            ("stranger", "unknown_item"),
            ("electrician", "no_option"),
            ("exit", "no_option"),
        ]
        present = answers(electrician="present", wiring="fail", exit="pass")
        assert faults(checklist(), present) == [("wiring", "photo")]
        with_photo = {**present, "wiring": Answer("fail", photos=("0" * 64,))}
        assert faults(checklist(), with_photo) == []

    @pytest.mark.parametrize(
        ("item", "value", "fault"),
        [
            (Item("n", "x", ItemType.WHOLE, at_least=0, at_most=9), "9", ""),
            (Item("n", "x", ItemType.WHOLE, at_least=0, at_most=9), "10", "outside"),
            (Item("n", "x", ItemType.WHOLE), "1.5", "no_whole"),
            (Item("n", "x", ItemType.WHOLE), "٣", "no_whole"),
            (Item("n", "x", ItemType.NUMBER, at_least=0), "1.5", ""),
            (Item("n", "x", ItemType.NUMBER, at_least=0), "-0.5", "outside"),
            (Item("n", "x", ItemType.NUMBER), "NaN", "no_number"),
            (Item("n", "x", ItemType.NUMBER), "east", "no_number"),
            (Item("n", "x", ItemType.DATE), "2026-02-28", ""),
            (Item("n", "x", ItemType.DATE), "2026-02-30", "no_date"),
            (Item("n", "x", ItemType.TEXT), "x" * 2001, "too_much"),
            (Item("n", "x", ItemType.CHOICES, options=FREQUENCY), ("d1", "d2"), ""),
            (Item("n", "x", ItemType.CHOICES, options=FREQUENCY), ("d1", "d1"), "no_option"),
            (Item("n", "x", ItemType.CHOICES, options=FREQUENCY), "d1", "no_option"),
            (Item("n", "x", ItemType.CHOICE, options=FREQUENCY), ("d1",), "no_option"),
        ],
    )
    def test_each_kind_of_answer(self, item: Item, value, fault: str) -> None:
        definition = replace(checklist(), items=(item,))
        assert faults(definition, {"n": Answer(value)}) == ([("n", fault)] if fault else [])
