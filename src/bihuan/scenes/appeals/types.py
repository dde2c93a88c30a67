"""Words of the story."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """A class that a text suggests, and the words that suggest it."""

    class_code: str
    words: tuple[str, ...]
