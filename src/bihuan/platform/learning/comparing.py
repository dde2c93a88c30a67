"""Whether a new classifier is better than the one that serves, or only luckier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from bihuan.platform.learning.evaluation import macro_f1


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two classifiers on the same later rows, which neither learnt from."""

    rows: int
    new_right_alone: int
    old_right_alone: int
    new_macro_f1: float
    old_macro_f1: float
    chance: float
    """How likely luck alone makes the new one right alone this often (exact McNemar test)."""

    def is_better(self, *, chance_at_most: float, fewest_rows: int) -> bool:
        """Return whether the new one is better, on enough rows, and hardly by luck."""
        return (
            self.rows >= fewest_rows
            and self.new_macro_f1 > self.old_macro_f1
            and self.new_right_alone > self.old_right_alone
            and self.chance <= chance_at_most
        )


def compare(true: Sequence[str], new: Sequence[str], old: Sequence[str]) -> Comparison:
    """Return how the answers `new` and `old` stand to what is `true`."""
    truth, fresh, past = np.array(true), np.array(new), np.array(old)
    alone = int(((fresh == truth) & (past != truth)).sum())
    other = int(((past == truth) & (fresh != truth)).sum())
    both = alone + other
    chance = float(binomtest(alone, both, alternative="greater").pvalue) if both else 1.0
    return Comparison(
        len(truth), alone, other, macro_f1(truth, fresh), macro_f1(truth, past), chance
    )
