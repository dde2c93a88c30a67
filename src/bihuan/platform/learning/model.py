"""A trained classifier: weights of runs of characters, and what they say of a text.

Everything that was learnt is linear in the counted runs, so several learners fold into one table
of weights, and one pass over a text serves all of them. Single precision, no pickle, no thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from bihuan.platform.learning.grams import Grams, encode, runs, spell
from bihuan.platform.learning.lookup import LookupOf
from bihuan.platform.learning.reasons import Block, Floats, Word, speaking

Matrix: TypeAlias = sp.csr_matrix
Texts = Sequence[Sequence[str]]
"""Rows of texts: one text for each column of the table."""

CHUNK = 256
"""Texts in one pass: what is counted stays in the processor's second cache."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says of one text: the likeliest labels with their probability, and why."""

    labels: tuple[tuple[str, float], ...]
    words: tuple[Word, ...] = ()

    @property
    def label(self) -> str:
        """Return the likeliest label."""
        return self.labels[0][0]

    @property
    def confidence(self) -> float:
        """Return the probability of the likeliest label."""
        return self.labels[0][1]


class Model:
    """A trained classifier, ready to answer."""

    def __init__(self, labels: Sequence[str], blocks: Sequence[Block], bias: Floats) -> None:
        """Keep what was learnt; tables for finding runs are made when first asked."""
        self.labels = tuple(labels)
        self.blocks = tuple(blocks)
        self.bias = bias
        self._lookups = tuple(LookupOf(block.keys) for block in blocks)

    @property
    def columns(self) -> int:
        """Return how many texts a row has."""
        return 1 + max(column for block in self.blocks for column in block.columns)

    def scores(self, texts: Texts) -> Floats:
        """Return a number for each text and label; the largest is the likeliest."""
        parts = [self._scores(texts[i : i + CHUNK]) for i in range(0, len(texts), CHUNK)]
        empty = np.zeros((0, len(self.labels)), np.float32)
        return np.concatenate([empty, *parts])

    def probabilities(self, texts: Texts) -> Floats:
        """Return the probability of each label for each text."""
        return softmax(self.scores(texts))

    def predict(self, texts: Texts) -> list[str]:
        """Return the likeliest label of each text."""
        return [self.labels[i] for i in self.scores(texts).argmax(axis=1)]

    def answer(self, text: Sequence[str], *, top: int = 2, words: int = 4) -> Answer:
        """Return the likeliest labels of one text, and the words that speak for the first."""
        return self.answer_each([text], top=top, words=words)[0]

    def answer_each(self, texts: Texts, *, top: int = 2, words: int = 0) -> list[Answer]:
        """Return the same for many texts; without words it is much faster."""
        chances = self.probabilities(texts)
        order = np.argsort(-chances, axis=1, kind="stable")[:, :top]
        answers = []
        for text, best, chance in zip(texts, order, chances, strict=True):
            labels = tuple((self.labels[i], float(chance[i])) for i in best)
            why = self._words(text, int(best[0]), words) if words else ()
            answers.append(Answer(labels, why))
        return answers

    def _scores(self, texts: Texts) -> Floats:
        total = np.repeat(self.bias[None, :], len(texts), axis=0)
        for block, lookup in zip(self.blocks, self._lookups, strict=True):
            grams = runs(encode(joined(texts, block.columns)))
            matrix = count(grams, lookup.find(grams.keys), len(texts), len(block.keys))
            total += measure(matrix, block.rarity) @ block.weights
        return total

    def _words(self, text: Sequence[str], label: int, most: int) -> tuple[Word, ...]:
        best: dict[str, float] = {}
        for block, lookup in zip(self.blocks, self._lookups, strict=True):
            for word in speaking(joined([text], block.columns)[0], block, lookup, label):
                best[word.text] = best.get(word.text, 0.0) + word.weight
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        chosen: list[Word] = []
        for name, weight in ranked:
            if not any(name in other.text or other.text in name for other in chosen):
                chosen.append(Word(name, weight))
        return tuple(chosen[:most])


def joined(texts: Texts, columns: Sequence[int]) -> list[str]:
    """Return the texts of `columns` as one text for each row."""
    if len(columns) == 1:
        return [row[columns[0]] for row in texts]
    return ["。".join(row[i] for i in columns) for row in texts]


def count(grams: Grams, found: NDArray[np.int32], rows: int, width: int) -> Matrix:
    """Return how often each known run stands in each text."""
    known = found >= 0
    place = grams.rows[known].astype(np.int64) * width + found[known]
    place.sort()
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    counts = np.diff(np.append(starts, len(place))).astype(np.float32)
    row, column = np.divmod(place[starts], max(1, width))
    pointers = np.searchsorted(row, np.arange(rows + 1)).astype(np.int32)
    return sp.csr_matrix((counts, column.astype(np.int32), pointers), shape=(rows, width))


def measure(matrix: Matrix, rarity: Floats) -> Matrix:
    """Return counts as weights of one text: logarithm of the count by rarity, unit length."""
    often = (1 + np.log(matrix.data)) * rarity[matrix.indices]
    lengths = np.diff(matrix.indptr)
    row = np.repeat(np.arange(matrix.shape[0]), lengths)
    length = np.sqrt(np.bincount(row, often * often, matrix.shape[0]))
    weighed = matrix.copy()
    weighed.data = (often / np.maximum(length, 1e-9)[row]).astype(np.float32)
    return weighed


def softmax(scores: Floats) -> Floats:
    """Return scores as probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return out


def heaviest(model: Model, label: str, most: int = 20) -> tuple[str, ...]:
    """Return the runs of at least two characters that speak most for `label` anywhere."""
    at = model.labels.index(label)
    found: list[tuple[float, str]] = []
    for block in model.blocks:
        weights = block.weights[:, at] - block.weights.mean(axis=1)
        best = np.argsort(-weights)[: 4 * most]
        found.extend((float(weights[i]), spell(int(block.keys[i]))) for i in best)
    words = dict.fromkeys(w for _, w in sorted(found, reverse=True) if len(w.strip()) > 1)
    return tuple(list(words)[:most])
