"""Pieces of text as numbers: every run of one to four characters, exactly, without a loop.

A run of up to four characters is one 64-bit number, sixteen bits for each character: no two runs
share a number, and the run can be read back from it. So a vocabulary is a sorted array, and the
words that speak for a class need no table of strings.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST = 4
END = 10
GAP = 32
DIGIT = ord("0")
UNKNOWN = 0xFFFD

Keys = NDArray[np.uint64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Grams:
    """Runs of characters: the number of each, the text and the place where it stands."""

    keys: Keys
    rows: Rows
    places: NDArray[np.int64]


@functools.lru_cache(maxsize=1)
def _folding() -> NDArray[np.uint16]:
    """Return for each character the one that stands for it.

    Full-width and small forms, capitals and digits are folded; what is no letter is a gap.
    """
    table = np.full(1 << 16, GAP, np.uint16)
    for code in range(1 << 16):
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        kind = unicodedata.category(folded[0]) if folded else "Z"
        if kind[0] == "L" and len(folded) == 1:
            table[code] = ord(folded) if ord(folded) <= 0xFFFF else code
        elif kind[0] == "N":
            table[code] = DIGIT
    table[END] = END
    return table


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts in one row: folded characters, the text of each, its place in the joined text."""

    characters: NDArray[np.uint64]
    rows: Rows
    places: NDArray[np.int64]


def encode(texts: Sequence[str]) -> Encoded:
    """Return `texts` as folded characters; gaps and numbers of any length are one character."""
    joined = "\n".join(text.replace("\n", " ") for text in texts) + "\n"
    raw = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    codes = _folding()[np.where(raw > 0xFFFF, UNKNOWN, raw)]
    again = codes[1:] == codes[:-1]
    again &= (codes[1:] == GAP) | (codes[1:] == DIGIT)
    kept = np.flatnonzero(~np.concatenate([[False], again]))
    codes = codes[kept]
    ends = codes == END
    rows = np.cumsum(ends, dtype=np.int32) - ends
    return Encoded(codes.astype(np.uint64), rows.astype(np.int32), kept)


def runs(encoded: Encoded, *, shortest: int = 1, longest: int = LONGEST) -> Grams:
    """Return every run of `shortest` to `longest` characters; none crosses a gap or an end."""
    letters = encoded.characters
    inside = (letters != END) & (letters != GAP)
    keys, rows, places = [], [], []
    current, whole = letters, inside
    for length in range(1, longest + 1):
        if length > 1:
            current = (current[:-1] << np.uint64(16)) | letters[length - 1 :]
            whole = whole[:-1] & inside[length - 1 :]
        if length >= shortest:
            keys.append(current[whole])
            rows.append(encoded.rows[: len(whole)][whole])
            places.append(np.flatnonzero(whole))
    return Grams(np.concatenate(keys), np.concatenate(rows), np.concatenate(places))


def spell(key: int) -> str:
    """Return the run of characters that `key` stands for."""
    letters = []
    while key:
        letters.append(chr(key & 0xFFFF))
        key >>= 16
    return "".join(reversed(letters))
