"""Two things to look at, others each week, none forgotten."""

from __future__ import annotations

import pytest

from bihuan.scenes.industrial_grid.rules import pick_two


def test_all_get_their_turn_in_three_weeks() -> None:
    items = ("a", "b", "c", "d", "e", "f")
    weeks = [pick_two(items, week, 4) for week in (10, 11, 12)]
    assert all(len(set(pair)) == 2 for pair in weeks)
    assert {item for pair in weeks for item in pair} == set(items)


@pytest.mark.parametrize("items", [(), ("a",)])
def test_fewer_than_two_are_all(items: tuple[str, ...]) -> None:
    assert pick_two(items, 1, 1) == items
