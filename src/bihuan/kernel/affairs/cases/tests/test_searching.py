"""Search by pairs of letters finds exactly what holds the word, of two letters and of more."""

from __future__ import annotations

import random

from django.db import connection

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.tests.worlds import NINE, XINXING
from bihuan.kernel.affairs.cases.types import APPEAL, Filter, Raise
from bihuan.kernel.ground.registry.testing import Cast

LETTERS = "路灯水管漏不亮aAbB%_'\\"
BY_SCANNING = """
    SELECT id FROM cases_case
    WHERE position(upper(%s) IN upper(title)) > 0 OR position(upper(%s) IN upper(place)) > 0
       OR upper(number) = upper(%s)
"""


def _said(dice: random.Random, length: int) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(length))


def _raise_many(cast: Cast, dice: random.Random, count: int) -> list[str]:
    batch = [
        Raise(
            kind=APPEAL,
            title=_said(dice, dice.randint(1, 30)),
            text="",
            class_code="test_lamp",
            area_path=XINXING,
            source="hotline",
            source_key=f"S{n}",
            place=_said(dice, dice.randint(0, 8)),
        )
        for n in range(count)
    ]
    return [o.number for o in cases.open_cases(batch, scope=cast.scope("mei"), at=NINE)]


def _by_scanning(word: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(BY_SCANNING, [word, word, word])
        return {row[0] for row in cursor.fetchall()}


def test_it_finds_what_a_scan_finds(cast: Cast) -> None:
    dice = random.Random(12345)
    numbers = _raise_many(cast, dice, 45)
    words = [_said(dice, length) for length in (1, 2, 2, 2, 3, 3, 4, 5, 6) for _ in range(12)]
    found = 0
    for word in [*words, numbers[7], numbers[7].lower()]:
        page = cases.list_cases(scope=cast.scope("mei"), wanted=Filter(text=word), at=NINE)
        assert {row.id for row in page.rows} == _by_scanning(word), word
        assert page.count == len(page.rows)
        found += bool(page.rows) and len(word) > 1
    assert found > 20, "the words must hit, or this shows nothing"


def test_two_letters_are_looked_up_in_the_index(cast: Cast) -> None:
    _raise_many(cast, random.Random(7), 45)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM cases_case"
            " WHERE cases_pairs(title, place) @> cases_pairs_of('水管')"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "cases_case_pairs" in plan
