"""The arithmetic of figures, against sums made by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.sight.indices import kinds, rules
from bihuan.kernel.sight.indices.types import FigureCode, Missing

WEIGHTS = {
    "coded_firms": 0.4,
    "overdue_hazards": 0.25,
    "disputes": 0.15,
    "not_visited": 0.1,
    "trend": 0.1,
}


class TestRate:
    figure = kinds.get_figure(FigureCode("closed_in_time"))

    @pytest.mark.parametrize(
        ("numerator", "denominator", "told"),
        [
            (47, 50, (94.0, None)),
            (0, 30, (0.0, None)),
            (29, 29, (None, Missing.TOO_FEW)),
            (0, 0, (None, Missing.NOTHING_DUE)),
        ],
    )
    def test_by_hand(self, numerator: int, denominator: int, told) -> None:
        assert rules.rate(self.figure, numerator, denominator) == told


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
