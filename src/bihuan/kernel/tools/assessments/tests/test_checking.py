"""What may not be offered, and files that are no definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bihuan.kernel.tools.assessments.rules.checking import check_definition
from bihuan.kernel.tools.assessments.rules.data import (
    UnableToReadDefinition,
    from_data,
    from_file,
    hash_definition,
)
from bihuan.kernel.tools.assessments.testing import (
    FREQUENCY,
    checklist,
    scale,
)
from bihuan.kernel.tools.assessments.types import (
    Alert,
    Band,
    Clause,
    Compare,
    Condition,
    Definition,
    Item,
    ItemType,
    Method,
    Option,
    Outcome,
    Scoring,
)


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


# -- what may not be offered ----------------------------------------------------------------------


def with_item(**changes) -> Definition:
    base = Item("q", "x", ItemType.CHOICE, options=FREQUENCY)
    first = Item("first", "x", ItemType.CHOICE, options=(Option("yes", "x"), Option("no", "x")))
    scoring = Scoring(Method.SUM, (Band("all", "x", 0, 3),))
    return replace(checklist(), items=(first, replace(base, **changes)), scoring=scoring)


def when(compare: Compare, value: str, **names: str) -> Condition:
    return Condition((Clause(compare, value, **names),))


class TestWhatMayNotBeOffered:
    def test_the_controls_hold(self) -> None:
        assert check_definition(with_item()) == ()
        assert check_definition(checklist()) == ()
        assert check_definition(scale()) == ()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"code": "first"}, "twice"),
            ({"code": "Not a code"}, "item_code"),
            ({"options": ()}, "options"),
            ({"options": (*FREQUENCY, FREQUENCY[0])}, "twice"),
            ({"options": (Option("a", "x", points=1), Option("b", "x"))}, "some_points"),
            ({"dimension": "nowhere"}, "no_dimension"),
            ({"weight": 0}, "weight"),
            ({"photo_on": frozenset({Outcome.FAIL})}, "evidence"),
            ({"shown_if": when(Compare.IS, "yes", item="later")}, "looks_ahead"),
            ({"shown_if": when(Compare.IS, "d1", item="q")}, "looks_ahead"),
            ({"shown_if": when(Compare.IS, "perhaps", item="first")}, "no_option"),
            ({"shown_if": when(Compare.AT_LEAST, "1", item="first")}, "no_points"),
            ({"shown_if": when(Compare.AT_LEAST, "much")}, "no_number"),
            ({"shown_if": when(Compare.AT_LEAST, "1", dimension="x")}, "no_total"),
            ({"scored": True}, "scored"),
        ],
    )
    def test_an_item(self, changes, code: str) -> None:
        assert code in codes(check_definition(with_item(**changes)))

    @pytest.mark.parametrize(
        ("bands", "code"),
        [
            ((Band("a", "x", 0, 1), Band("b", "x", 1, 3)), "bands_overlap"),
            ((Band("a", "x", 0, 0), Band("b", "x", 2, 3)), "bands_gap"),
            ((Band("a", "x", 0, 2),), "bands_short"),
            ((Band("a", "x", 1, 3),), "bands_short"),
            ((Band("a", "x", 0, 1), Band("a", "x", 2, 3)), "twice"),
        ],
    )
    def test_bands(self, bands, code: str) -> None:
        broken = replace(with_item(), scoring=Scoring(Method.SUM, bands))
        assert codes(check_definition(broken)) == [code]

    def test_a_scale_without_a_total_or_an_alert_that_always_rings(self) -> None:
        assert "no_method" in codes(check_definition(replace(scale(), scoring=Scoring())))
        always = replace(scale(), alerts=(Alert("always", "x", Condition()),))
        assert codes(check_definition(always)) == ["alert_always"]

    def test_a_mean_may_stand_in_only_where_all_items_count_alike(self) -> None:
        items = scale().items
        uneven = replace(items[0], options=FREQUENCY[:3])
        assert "prorate" in codes(check_definition(replace(scale(), items=(uneven, *items[1:]))))


class TestFiles:
    good = {
        "code": "test.list",
        "title": "x",
        "kind": "checklist",
        "source": "[D]",
        "items": [{"code": "a", "text": "x"}],
    }

    def test_the_control(self) -> None:
        assert from_data(self.good).items[0].type is ItemType.CHECK

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": "exam"},
            {"source": ""},
            {"surprise": 1},
            {"items": "a"},
            {"items": [{"code": "a", "text": "x", "wieght": 2}]},
            {"items": [{"code": "a", "text": "x", "weight": "2"}]},
            {"items": [{"code": "a", "text": "x", "photo_on": ["failed"]}]},
            {"items": [{"code": "a", "text": "x", "required": "yes"}]},
            {"items": [{"code": "a", "text": "x", "shown_if": {"all": [{"item": "b"}]}}]},
            {"items": [{"code": "a", "text": "x", "shown_if": {"all": [], "any": []}}]},
            {"items": [{"code": "a", "text": "x", "shown_if": {"all": [{"is": "b"}]}}]},
            {"scoring": {"method": "mean"}},
            {"sensitive": "no"},
        ],
    )
    def test_what_is_no_definition(self, change) -> None:
        with pytest.raises(UnableToReadDefinition):
            from_data(self.good | change)

    def test_a_file_needs_a_number_and_a_day(self) -> None:
        for wrong in ({"number": 0, "valid_from": None}, {"number": 1, "valid_from": "soon"}):
            with pytest.raises(UnableToReadDefinition):
                from_file(self.good | wrong, where="x.yaml")

    def test_any_changed_word_changes_the_hash(self) -> None:
        changed = replace(checklist(), opening="先请电工打开线路")
        assert hash_definition(changed) != hash_definition(checklist())
