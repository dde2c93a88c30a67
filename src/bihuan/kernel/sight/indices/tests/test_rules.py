"""The arithmetic of figures, against sums made by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.sight.indices import rules
from bihuan.kernel.sight.indices.types import Missing

WEIGHTS = {
    "coded_firms": 0.4,
    "overdue_hazards": 0.25,
    "disputes": 0.15,
    "not_visited": 0.1,
    "trend": 0.1,
}


class TestRate:
    @pytest.mark.parametrize(
        ("denominator", "told"),
        [(50, None), (30, None), (29, Missing.TOO_FEW), (0, Missing.NOTHING_DUE)],
    )
    def test_too_few_by_hand(self, denominator: int, told: Missing | None) -> None:
        assert rules.missing(denominator, 30) == told

    @pytest.mark.parametrize(
        ("part", "whole", "told"), [(47, 50, 94.0), (0, 30, 0.0), (1, 3, 33.3)]
    )
    def test_percent_by_hand(self, part: int, whole: int, told: float) -> None:
        assert rules.percent(part, whole) == told


class TestSuppression:
    @pytest.mark.parametrize(
        ("counts", "kept_back"),
        [
            ({"a": 50, "b": 40, "c": 30}, set()),
            ({"a": 50, "b": 40, "c": 9}, {"c", "b"}),  # alone, c is the total less the others
            ({"a": 50, "b": 8, "c": 9}, {"b", "c"}),
            ({"a": 50, "b": 40, "c": 0}, {"c"}),  # nobody to recognise in it
            ({"a": 50, "b": 40, "c": 9, "d": 0}, {"b", "c", "d"}),
            ({"c": 9}, {"c"}),
        ],
    )
    def test_by_hand(self, counts: dict[str, int], kept_back: set[str]) -> None:
        assert rules.suppressed(counts, 10) == kept_back

    @given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 60)))
    def test_a_small_area_never_stands_alone(self, counts: dict[str, int]) -> None:
        back = rules.suppressed(counts, 10)
        assert all(counts[area] >= 10 for area in counts if area not in back)
        told = [area for area in back if counts[area] > 0]
        assert len(told) != 1 or not (set(counts) - back)


class TestIndex:
    def test_by_hand(self) -> None:
        counts = rules.Counts(
            firms=200,
            red=4,
            yellow=12,
            hazards_due=40,
            hazards_overdue=6,
            firms_visited=150,
            new_hazards=20,
            hazards_before=20,
        )
        found = {c.code: c for c in rules.components(counts, WEIGHTS)}
        assert found["coded_firms"].points == pytest.approx(40 * 10 / 200)
        assert found["overdue_hazards"].points == pytest.approx(25 * 6 / 40)
        assert found["not_visited"].points == pytest.approx(10 * 50 / 200)
        assert found["trend"].points == pytest.approx(5)
        assert (found["disputes"].points, found["disputes"].missing) == (None, Missing.NO_SOURCE)

    @pytest.mark.parametrize(
        ("new", "before", "share"),
        [(0, 10, 0.0), (5, 10, 0.0), (10, 10, 0.5), (20, 10, 1.0), (9, 0, 1.0)],
    )
    def test_trend_by_hand(self, new: int, before: int, share: float) -> None:
        counts = rules.Counts(new_hazards=new, hazards_before=before)
        trend = rules.components(counts, WEIGHTS)[-1]
        assert trend.share == pytest.approx(share)

    def test_an_area_without_firms_has_no_coded_share(self) -> None:
        first = rules.components(rules.Counts(), WEIGHTS)[0]
        assert (first.share, first.missing) == (None, Missing.NOTHING_DUE)

    @given(
        st.builds(
            rules.Counts, **{n: st.integers(0, 500) for n in rules.Counts.__dataclass_fields__}
        )
    )
    def test_every_share_lies_between_nothing_and_all(self, counts: rules.Counts) -> None:
        for component in rules.components(counts, WEIGHTS):
            assert component.share is None or 0 <= component.share <= 1
