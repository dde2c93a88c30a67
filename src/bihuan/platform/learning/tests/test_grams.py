"""Runs of characters are exact, fold what is the same, and cross nothing."""

from __future__ import annotations

import numpy as np

from bihuan.platform.learning.grams import encode, runs, spell
from bihuan.platform.learning.lookup import build_lookup


def spelled(*texts: str, **bounds: int) -> list[list[str]]:
    grams = runs(encode(texts), **bounds)
    found: list[list[str]] = [[] for _ in texts]
    for key, row in zip(grams.keys.tolist(), grams.rows.tolist(), strict=True):
        found[row].append(spell(key))
    return found


def test_every_run_of_one_to_four_inside_each_text() -> None:
    assert spelled("路灯坏", "水") == [["路", "灯", "坏", "路灯", "灯坏", "路灯坏"], ["水"]]


def test_width_capitals_and_numbers_are_folded_and_runs_cross_no_gap() -> None:
    assert (
        spelled("Ａ座１２３号", longest=1)
        == spelled("a座45号", longest=1)
        == [["a", "座", "0", "号"]]
    )
    assert spelled("灯，坏\n了", shortest=2) == [[]]
    assert spelled("👍坏了", shortest=2) == [["坏了"]]


def test_a_run_knows_where_it_stands_in_the_text() -> None:
    text = "第100盏  路灯"
    grams = encode([text])
    assert [text[i] for i in grams.places[:-1]] == ["第", "1", "盏", " ", "路", "灯"]


def test_the_lookup_finds_all_of_its_own_and_no_stranger() -> None:
    chance = np.random.default_rng(5)
    keys = np.unique(chance.integers(1, 1 << 63, 5000, dtype=np.uint64))
    own, strangers = keys[::2], keys[1::2]
    table = build_lookup(own)
    assert table.find(own).tolist() == list(range(len(own)))
    assert set(table.find(strangers).tolist()) == {-1}
    assert build_lookup(own[:0]).find(own[:3]).tolist() == [-1, -1, -1]
