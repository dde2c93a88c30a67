"""The words of a text that speak for a label, read off the weights of its runs.

A run of characters is no word. But what a run and the runs inside it add to a label, and how
firmly its characters hold together in what was learnt, tells the words apart without a word list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bihuan.platform.learning.grams import LONGEST, Keys, encode, runs
from bihuan.platform.learning.lookup import LookupOf

Floats = NDArray[np.float32]

LEAST = 0.25
"""A word that says less than this share of the strongest one is no reason."""


@dataclass(frozen=True, slots=True)
class Block:
    """One reading of the texts: which columns, which runs, how heavy each is for each label.

    A run counts by how often it stands (1 + log of the count) and by how rare it is (`rarity`);
    a text's counts are divided by their length, so that long texts do not shout.
    """

    columns: tuple[int, ...]
    keys: Keys
    rarity: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text and how strongly it speaks for the label."""

    text: str
    weight: float


def speaking(source: str, block: Block, lookup: LookupOf, label: int) -> list[Word]:
    """Return the words of `source` that speak for `label`, the strongest first; none overlap."""
    encoded = encode([source])
    grams = runs(encoded)
    found = lookup.find(grams.keys)
    known = found >= 0
    places, lengths = grams.places[known], _lengths(grams.keys[known])
    weights, rarity = block.weights[found[known]], block.rarity[found[known]]
    speaks = np.asarray((weights[:, label] - weights.mean(axis=1)) * rarity, np.float64)
    table = np.zeros((len(encoded.characters), LONGEST + 1))
    rare = np.full_like(table, np.inf)
    table[places, lengths] = speaks
    rare[places, lengths] = rarity
    strength = _strengths(table, rare)
    peak = strength.max(initial=0.0)
    taken = np.zeros(len(encoded.characters), bool)
    words: list[Word] = []
    for flat in np.argsort(-strength, axis=None, kind="stable"):
        at, length = divmod(int(flat), LONGEST + 1)
        if strength[at, length] <= LEAST * peak:
            break
        if not taken[at : at + length].any():
            taken[at : at + length] = True
            first, last = encoded.places[at], encoded.places[at + length - 1]
            words.append(Word(source[first : last + 1], float(strength[at, length])))
    return words


def _strengths(table: NDArray[np.float64], rare: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much each run of two or more characters says, with all runs inside it.

    `rare` tells how firmly it holds together: two characters that hardly stand apart are about as
    rare together as the rarer of them alone; two that meet by chance are much rarer.
    """
    size = len(table)
    hold = np.zeros(size)
    with np.errstate(invalid="ignore"):
        apart = rare[:-1, 2] - np.maximum(rare[:-1, 1], rare[1:, 1])
    hold[:-1] = np.where(np.isfinite(apart), 1 / (1 + np.maximum(apart, 0)), 0)
    strength = np.zeros_like(table)
    for length in range(2, LONGEST + 1):
        here = size - length + 1
        if here <= 0:
            break
        said = sum(
            table[begin : begin + here, part]
            for part in range(1, length + 1)
            for begin in range(length - part + 1)
        )
        firm = np.minimum.reduce([hold[i : i + here] for i in range(length - 1)])
        known = np.isfinite(rare[:here, length])
        strength[:here, length] = np.where(known, said * firm / length**0.5, 0)
    return strength


def _lengths(keys: Keys) -> NDArray[np.int64]:
    """Return of how many characters each run consists."""
    lengths = np.ones(len(keys), np.int64)
    for more in range(1, LONGEST):
        lengths += (keys >> np.uint64(16 * more)) > 0
    return lengths
