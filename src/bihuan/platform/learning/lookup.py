"""Finds many numbers in a vocabulary at once: a table with open places, read without a loop."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bihuan.platform.learning.grams import Keys

SPREAD = np.uint64(0x9E3779B97F4A7C15)
ROOM = 4
"""Places for each number: a quarter full, so most that are absent are known absent at once."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where each number of a vocabulary stands; `find` answers -1 for a stranger."""

    held: Keys
    index: NDArray[np.int32]
    shift: np.uint64

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """Return the place in the vocabulary of each of `keys`, or -1."""
        mask = len(self.held) - 1
        slot = ((keys * SPREAD) >> self.shift).astype(np.int64)
        found = self.index[slot]
        open_ = np.flatnonzero((found >= 0) & (self.held[slot] != keys))
        slot = slot[open_]
        while len(open_):
            slot = (slot + 1) & mask
            here = self.index[slot]
            found[open_] = here
            again = (here >= 0) & (self.held[slot] != keys[open_])
            open_, slot = open_[again], slot[again]
        return found


def build_lookup(keys: Keys) -> Lookup:
    """Return the table of a vocabulary without doubles."""
    bits = max(4, int(np.ceil(np.log2(max(1, len(keys)) * ROOM))))
    size = 1 << bits
    shift = np.uint64(64 - bits)
    held = np.zeros(size, np.uint64)
    index = np.full(size, -1, np.int32)
    waiting = np.arange(len(keys), dtype=np.int32)
    slot = ((keys * SPREAD) >> shift).astype(np.int64)
    while len(waiting):
        free = index[slot] < 0
        index[slot[free]] = waiting[free]
        settled = index[slot] == waiting
        waiting, slot = waiting[~settled], (slot[~settled] + 1) & (size - 1)
    taken = index >= 0
    held[taken] = keys[index[taken]]
    return Lookup(held, index, shift)


@dataclass(slots=True)
class LookupOf:
    """A vocabulary whose table is built when it is first asked."""

    keys: Keys
    _built: Lookup | None = field(default=None, repr=False)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """Return the place in the vocabulary of each of `keys`, or -1."""
        if self._built is None:
            self._built = build_lookup(self.keys)
        return self._built.find(keys)
