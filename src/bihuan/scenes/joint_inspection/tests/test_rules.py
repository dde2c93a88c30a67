"""Lots that anybody can draw again, and the fewest visits."""

from __future__ import annotations

import hashlib
import itertools
import random
from datetime import date, timedelta

import pytest

from bihuan.scenes.joint_inspection import rules
from bihuan.scenes.joint_inspection.types import LINES, Entry

DAY = date(2027, 3, 1)


def entry(unit: str, days: int, firm: str = "A") -> Entry:
    return Entry(unit, firm, DAY + timedelta(days=days))


def test_the_lot_is_what_a_stranger_computes() -> None:
    pool = [f"firm{n}" for n in range(20)]
    ranked = sorted(pool, key=lambda k: hashlib.sha256(f"seed|unit|{k}".encode()).hexdigest())
    assert rules.draw("seed", "unit", pool, 0.3) == tuple(ranked[:6])
    assert rules.draw("other", "unit", pool, 0.3) != tuple(ranked[:6])
    assert set(rules.draw("seed", "unit", reversed(pool), 1.0)) == set(pool)


@pytest.mark.article("S4.08")
def test_the_same_firm_within_thirty_days_is_one_visit() -> None:
    one = rules.merge([entry("fire", 0), entry("labour", 30), entry("market", 60)], 30)
    assert [(v.day, len(v.entries)) for v in one] == [(DAY + timedelta(days=30), 3)]
    two = rules.merge([entry("fire", 0), entry("labour", 61)], 30)
    assert [v.day for v in two] == [DAY, DAY + timedelta(days=61)]
    apart = rules.merge([entry("fire", 0, "A"), entry("fire", 0, "B")], 30)
    assert [v.firm for v in apart] == ["A", "B"]


def test_merging_is_the_smallest_possible_and_leaves_nobody_out() -> None:
    """Against every possible set of visiting days, on small random years."""
    dice = random.Random(7)
    for _ in range(60):
        days = [dice.randrange(0, 40) for _ in range(dice.randrange(1, 6))]
        given = [entry(f"u{n}", day) for n, day in enumerate(days)]
        made = rules.merge(given, 5)
        taken = [e for visit in made for e in visit.entries]
        assert sorted(taken, key=str) == sorted(given, key=str)
        assert all(abs((e.day - v.day).days) <= 5 for v in made for e in v.entries)
        reach = range(-5, 46)
        least = next(
            n
            for n in range(1, 7)
            if any(
                all(any(abs(day - spot) <= 5 for spot in spots) for day in days)
                for spots in itertools.combinations(reach, n)
            )
        )
        assert len(made) == least, days


def test_no_unit_above_the_cap() -> None:
    given = [entry("fire", n) for n in (9, 3, 6)] + [entry("labour", 1)]
    kept = rules.cut_to_cap(given, 2)
    assert [(e.unit, e.day.day) for e in kept] == [("labour", 2), ("fire", 4), ("fire", 7)]


def test_seven_domains() -> None:
    assert len(LINES) == len(set(LINES)) == 7
