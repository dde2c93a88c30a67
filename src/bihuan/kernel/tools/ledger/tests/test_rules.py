"""Sharing to the fen, mirrors and kinds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.tools.ledger.rules import mirror, share_out
from bihuan.kernel.tools.ledger.types import AccountId, Kind, Leg, Side

weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@given(st.integers(0, 10**13), weights)
def test_shares_add_up_and_none_is_off_by_a_whole_fen(amount: int, weights: list[int]) -> None:
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(amount * weight, sum(weights))) < 1
        assert weight or share == 0


def test_equal_parts_favour_the_first() -> None:
    assert share_out(100, [1, 1, 1]) == (34, 33, 33)


@pytest.mark.parametrize(("amount", "weights"), [(-1, [1]), (1, [0, 0]), (1, [2, -1]), (1, [])])
def test_refuses_what_cannot_be_shared(amount: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        share_out(amount, weights)


def test_a_mirror_undoes() -> None:
    legs = (Leg(AccountId(1), 5), Leg(AccountId(2), -5))
    assert mirror(mirror(legs)) == legs


def test_kinds_have_a_normal_side() -> None:
    sides = {kind: kind.normal for kind in Kind}
    assert {k for k, s in sides.items() if s is Side.DEBIT} == {Kind.ASSET, Kind.EXPENSE}
