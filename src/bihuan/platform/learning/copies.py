"""Near copies: the same message sent twice, with a word changed or a greeting added.

A copy on both sides of a split flatters every classifier. Texts are compared by their rarer runs of
four characters: two texts are copies when they share a large part of the shorter one's runs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from bihuan.platform.learning.grams import encode, runs

RUN = 4
COMMON = 40
"""A run that stands in more texts than this tells nothing about copies."""
FEWEST = 6
ALIKE = 0.3
"""Share of the shorter text's runs from which two texts are kept on one side of a split."""
COPIED = 0.6
"""Share from which one calls a text a copy of another."""

Whole = NDArray[np.int64]


def groups_of_copies(texts: Sequence[str]) -> Whole:
    """Return a number for each text; near copies, also through others, have the same one."""
    one, other = _pairs(texts, ALIKE)
    joined = sp.coo_matrix((np.ones(len(one)), (one, other)), shape=(len(texts), len(texts)))
    return np.asarray(connected_components(joined, directed=False)[1], np.int64)


def copied_rows(texts: Sequence[str], earlier: Sequence[str]) -> Whole:
    """Return the places of those `texts` that are near copies of one of the `earlier`."""
    one, other = _pairs([*earlier, *texts], COPIED)
    across = (one < len(earlier)) & (other >= len(earlier))
    return np.unique(other[across]) - len(earlier)


def _pairs(texts: Sequence[str], share: float) -> tuple[Whole, Whole]:
    """Return pairs of places (lower, higher) of texts that share at least `share` of their runs.

    The same text many times is compared once, and its places are paired one with the next.
    """
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text, []).append(place)
    firsts = np.array([found[0] for found in places.values()], np.int64)
    one, other = _alike(list(places), share)
    same = [(found[0], later) for found in places.values() for later in found[1:]]
    doubled = np.array(same, np.int64).reshape(-1, 2)
    low = np.concatenate([firsts[one], doubled[:, 0]])
    high = np.concatenate([firsts[other], doubled[:, 1]])
    return np.minimum(low, high), np.maximum(low, high)


def _alike(texts: list[str], share: float) -> tuple[Whole, Whole]:
    grams = runs(encode(texts), shortest=RUN, longest=RUN)
    kinds, inverse = np.unique(grams.keys, return_inverse=True)
    column, row = np.divmod(np.unique(inverse * len(texts) + grams.rows), len(texts))
    standing = np.bincount(column, minlength=len(kinds))
    total = np.bincount(row, minlength=len(texts))
    rare = (standing[column] > 1) & (standing[column] <= COMMON)
    shape = (len(texts), len(standing))
    held = sp.csr_matrix((np.ones(rare.sum(), np.int32), (row[rare], column[rare])), shape=shape)
    shared = sp.triu(held @ held.T, k=1).tocoo()
    fewer = np.minimum(total[shared.row], total[shared.col])
    alike = (shared.data >= FEWEST) & (shared.data >= share * fewer)
    return shared.row[alike].astype(np.int64), shared.col[alike].astype(np.int64)
