"""Measures a classifier on rows that it never saw; says which of them it half knew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedGroupKFold

from bihuan.platform.learning.copies import copied_rows, groups_of_copies
from bihuan.platform.learning.model import Model, Texts
from bihuan.platform.learning.reasons import Floats

SURE = 0.8
"""Share of the rows, the most confident first, whose accuracy is told apart."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label is found."""

    precision: float
    recall: float
    f1: float
    rows: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a classifier is worth on rows kept back."""

    rows: int
    macro_f1: float
    accuracy: float
    top2: float
    confident_80: float
    by_label: dict[str, LabelScore]
    near_copies: int = 0
    macro_f1_without_copies: float | None = None
    unknown_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a classifier answers: characters a second on one thread, over `passes` passes."""

    characters: int
    seconds: float
    passes: int

    @property
    def characters_per_second(self) -> float:
        """Return the pace of the middle pass."""
        return self.characters / self.seconds


def evaluate(labels: Sequence[str], known: Sequence[str], chances: Floats) -> Evaluation:
    """Return what `chances` for the labels `known` are worth where `labels` are true."""
    true = np.array(labels)
    names = np.array(known)
    order = np.argsort(-chances, axis=1, kind="stable")
    said = names[order[:, 0]]
    right = said == true
    second = names[order[:, 1]] == true
    surest = np.argsort(-chances.max(axis=1), kind="stable")[: max(1, round(SURE * len(true)))]
    return Evaluation(
        rows=len(true),
        macro_f1=macro_f1(true, said),
        accuracy=float(right.mean()),
        top2=float((right | second).mean()),
        confident_80=float(right[surest].mean()),
        by_label=_by_label(true, said),
        unknown_labels=tuple(sorted(set(labels) - set(known))),
    )


def evaluate_apart(
    model: Model, texts: Texts, labels: Sequence[str], trained_on: Texts
) -> Evaluation:
    """Return what `model` is worth on `texts`, and without near copies of what it learnt from."""
    chances = model.probabilities(texts)
    whole = evaluate(labels, model.labels, chances)
    copies = copied_rows([" ".join(row) for row in texts], [" ".join(row) for row in trained_on])
    if not len(copies):
        return replace(whole, macro_f1_without_copies=whole.macro_f1)
    kept = np.setdiff1d(np.arange(len(labels)), copies)
    rest = None
    if len(kept):
        rest = evaluate([labels[i] for i in kept], model.labels, chances[kept]).macro_f1
    return replace(whole, near_copies=len(copies), macro_f1_without_copies=rest)


def macro_f1(true: NDArray[np.str_], said: NDArray[np.str_]) -> float:
    """Return the mean of the F1 of every label that is true or said somewhere."""
    return float(f1_score(true, said, average="macro", zero_division=0.0))


def _by_label(true: NDArray[np.str_], said: NDArray[np.str_]) -> dict[str, LabelScore]:
    names = sorted(set(true.tolist()) | set(said.tolist()))
    found = precision_recall_fscore_support(true, said, labels=names, zero_division=0.0)
    return {
        name: LabelScore(float(p), float(r), float(f), int(n))
        for name, p, r, f, n in zip(names, *found, strict=True)
    }


def splits(
    texts: Texts, labels: Sequence[str], *, folds: int, repeats: int, seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield places to learn from and places to measure on; near copies stay on one side."""
    groups = groups_of_copies([" ".join(row) for row in texts])
    y = np.array(labels)
    for repeat in range(repeats):
        cut = StratifiedGroupKFold(folds, shuffle=True, random_state=seed + repeat)
        yield from cut.split(y, y, groups)


def measure_pace(
    answer: Callable[[Texts], object], texts: Texts, *, least_seconds: float = 1.0
) -> Pace:
    """Return how fast `answer` goes through `texts`: the middle of passes that take a second."""
    answer(texts[:1])
    passes: list[float] = []
    while sum(passes) < least_seconds or len(passes) < 3:
        begun = time.perf_counter()
        answer(texts)
        passes.append(time.perf_counter() - begun)
    characters = sum(len(text) for row in texts for text in row)
    return Pace(characters, sorted(passes)[len(passes) // 2], len(passes))
