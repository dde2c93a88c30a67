"""Learns from labelled texts: two linear learners, weighed by what they say of texts kept back.

Both read runs of characters, counted and weighed by rarity. The first scales each run by how much
more often it stands under a label than elsewhere (after Wang and Manning's NB-SVM); the second
takes runs as they are and gives rare labels more say. Neither hears the texts on which its voice
is weighed, nor near copies of them. All of it is linear: the result is one table of weights.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from bihuan.platform.learning.copies import groups_of_copies
from bihuan.platform.learning.grams import Keys, encode, runs
from bihuan.platform.learning.lookup import build_lookup
from bihuan.platform.learning.model import (
    Matrix,
    Model,
    Texts,
    count,
    joined,
    measure,
)
from bihuan.platform.learning.reasons import Block, Floats

MOST_ROWS = 40_000
"""More rows are sampled: memory stays below two gigabytes."""

MOST_RUNS = 2_000_000
SHORT_COLUMN = 60
"""A column whose middle text is this short is a title: it is also read on its own."""

Whole = NDArray[np.int64]


class UnableToLearn(ValueError):
    """There is nothing to learn from; the message says what is lacking."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn. The defaults were chosen by repeated cross-validation (see docs/bench)."""

    seed: int = 7
    folds: int = 4
    rarest: int = 2
    smoothing: float = 1.0
    ratio_cost: float = 1.0
    plain_cost: float = 1.0
    weighing_cost: float = 0.2
    tolerance: float = 1e-2


@dataclass(frozen=True, slots=True)
class _Read:
    """One block while learning: its runs, and how often each stands in each row."""

    columns: tuple[int, ...]
    keys: Keys
    counts: Matrix


@dataclass(frozen=True, slots=True)
class _Voices:
    """What both learners learnt: rarity by block; weights and bias for each label, side by side."""

    rarity: list[Floats]
    weights: list[Floats]
    bias: Floats


def train(texts: Texts, labels: Sequence[str], settings: Settings | None = None) -> Model:
    """Return a model that learnt from `texts` with their `labels`; the same input, the same model.

    Raises:
        UnableToLearn: fewer than two labels, or no text long enough to hold a run.
    """
    how = settings or Settings()
    names, y = _known(labels)
    chosen = _sample(len(y), how.seed)
    texts, y = [texts[i] for i in chosen], y[chosen]
    reads = [_read(texts, columns, how) for columns in readings(texts)]
    if not any(len(read.keys) for read in reads):
        raise UnableToLearn("The texts have no words in common. More rows are needed.")
    mix, bias = _weigh(reads, texts, y, len(names), how)
    voices = _learn(reads, np.arange(len(y)), y, len(names), how)
    return _folded(names, reads, voices, mix, bias)


def readings(texts: Texts) -> list[tuple[int, ...]]:
    """Return which columns are read together: all of them, and each that is short as a title."""
    width = len(texts[0])
    found = [tuple(range(width))]
    if width > 1:
        middle = [np.median([len(row[column]) for row in texts]) for column in range(width)]
        found.extend((i,) for i in range(width) if middle[i] <= SHORT_COLUMN)
    return found


def _known(labels: Sequence[str]) -> tuple[tuple[str, ...], Whole]:
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        said = f"all {len(labels)} rows say “{names[0]}”" if names else "there are no rows"
        raise UnableToLearn(f"At least two different labels are needed; {said}.")
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[label] for label in labels], np.int64)


def _sample(rows: int, seed: int) -> Whole:
    if rows <= MOST_ROWS:
        return np.arange(rows, dtype=np.int64)
    chosen = np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False)
    return np.sort(chosen).astype(np.int64)


def _read(texts: Texts, columns: tuple[int, ...], how: Settings) -> _Read:
    grams = runs(encode(joined(texts, columns)))
    keys, inverse = np.unique(grams.keys, return_inverse=True)
    pairs = np.unique(inverse.astype(np.int64) * len(texts) + grams.rows)
    standing = np.bincount(pairs // len(texts), minlength=len(keys))
    kept = np.flatnonzero(standing >= how.rarest)
    if len(kept) > MOST_RUNS:
        kept = np.sort(kept[np.argsort(-standing[kept], kind="stable")[:MOST_RUNS]])
    keys = keys[kept]
    found = build_lookup(keys).find(grams.keys)
    return _Read(columns, keys, count(grams, found, len(texts), len(keys)))


def _learn(reads: list[_Read], rows: Whole, y: Whole, width: int, how: Settings) -> _Voices:
    """Let both learners learn from `rows`."""
    counts = [read.counts[rows] for read in reads]
    rarity = [_rarity(block) for block in counts]
    measured = [measure(block, rare) for block, rare in zip(counts, rarity, strict=True)]
    matrix = sp.hstack(measured).tocsr()
    ratio, ratio_bias = _learn_by_ratio(counts, matrix, y[rows], width, how)
    plain, plain_bias = _learn_plainly(matrix, y[rows], width, how)
    ends = np.cumsum([len(read.keys) for read in reads])[:-1]
    weights = np.split(np.concatenate([ratio, plain], axis=1), ends)
    return _Voices(rarity, weights, np.concatenate([ratio_bias, plain_bias]))


def _rarity(counts: Matrix) -> Floats:
    standing = np.bincount(counts.indices, minlength=counts.shape[1])
    rare = np.log((counts.shape[0] + 1) / (standing + 1)) + 1
    return np.where(standing > 1, rare, 0).astype(np.float32)


def _learn_by_ratio(
    counts: list[Matrix], matrix: Matrix, y: Whole, width: int, how: Settings
) -> tuple[Floats, Floats]:
    """Learn each label against the rest, on runs scaled by their ratio."""
    standing = [_standing(block) for block in counts]
    weights = np.zeros((matrix.shape[1], width), np.float32)
    bias = np.full(width, -1, np.float32)
    for label in range(width):
        mine = y == label
        if not mine.any() or mine.all():
            continue
        ratio = np.concatenate([_ratio(block, mine, how.smoothing) for block in standing])
        machine = LinearSVC(C=how.ratio_cost, tol=how.tolerance, random_state=how.seed)
        machine.fit(matrix @ sp.diags(ratio), mine)
        weights[:, label] = machine.coef_[0] * ratio
        bias[label] = machine.intercept_[0]
    return weights, bias


def _standing(counts: Matrix) -> Matrix:
    there = counts.copy()
    there.data = np.ones_like(there.data)
    return there


def _ratio(block: Matrix, mine: NDArray[np.bool_], smoothing: float) -> Floats:
    """Return how much more often each run stands under a label than elsewhere, as a logarithm."""
    here = smoothing + np.asarray(block[mine].sum(axis=0)).ravel()
    there = smoothing + np.asarray(block[~mine].sum(axis=0)).ravel()
    return np.asarray(np.log((here / here.sum()) / (there / there.sum())), np.float32)


def _learn_plainly(matrix: Matrix, y: Whole, width: int, how: Settings) -> tuple[Floats, Floats]:
    """Learn each label against the rest, rare labels as heavy as common ones."""
    weights = np.zeros((matrix.shape[1], width), np.float32)
    bias = np.full(width, -1, np.float32)
    machine = LinearSVC(
        C=how.plain_cost, class_weight="balanced", tol=how.tolerance, random_state=how.seed
    )
    machine.fit(matrix, y)
    known = machine.classes_
    coef, intercept = machine.coef_, machine.intercept_
    if len(known) == 2:
        coef, intercept = np.concatenate([-coef, coef]), np.concatenate([-intercept, intercept])
    weights[:, known] = coef.T
    bias[known] = intercept
    return weights, bias


def _weigh(
    reads: list[_Read], texts: Texts, y: Whole, width: int, how: Settings
) -> tuple[Floats, Floats]:
    """Return how much each voice counts for each label, learnt on texts that it never saw."""
    groups = groups_of_copies([" ".join(row) for row in texts])
    folds = min(how.folds, int(np.bincount(y).max()), len(set(groups.tolist())))
    if folds < 2:
        return _even(width), np.zeros(width, np.float32)
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=how.seed)
    heard = np.zeros((len(y), 2 * width), np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a label may have fewer rows than folds
        parts = list(split.split(y, y, groups))
    for seen, unseen in parts:
        if len(set(y[seen].tolist())) < 2:
            return _even(width), np.zeros(width, np.float32)
        voices = _learn(reads, seen, y, width, how)
        heard[unseen] = _hear(reads, voices, unseen)
    machine = LogisticRegression(C=how.weighing_cost, max_iter=400)
    machine.fit(heard, y)
    if width == 2:
        half = machine.coef_[0] / 2
        return np.stack([-half, half], axis=1).astype(np.float32), np.array(
            [-machine.intercept_[0] / 2, machine.intercept_[0] / 2], np.float32
        )
    return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)


def _even(width: int) -> Floats:
    return np.concatenate([np.eye(width), np.eye(width)]).astype(np.float32)


def _hear(reads: list[_Read], voices: _Voices, rows: Whole) -> Floats:
    total = np.repeat(voices.bias[None, :], len(rows), axis=0)
    for read, rare, weights in zip(reads, voices.rarity, voices.weights, strict=True):
        total = total + measure(read.counts[rows], rare) @ weights
    return total


def _folded(
    names: tuple[str, ...], reads: list[_Read], voices: _Voices, mix: Floats, bias: Floats
) -> Model:
    """Fold both voices and their weighing into one table of weights."""
    blocks = [
        Block(read.columns, read.keys, rare, (weights @ mix).astype(np.float32))
        for read, rare, weights in zip(reads, voices.rarity, voices.weights, strict=True)
    ]
    return Model(names, blocks, (bias + voices.bias @ mix).astype(np.float32))
