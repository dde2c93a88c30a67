"""Words of the story."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.registry.types import Power

MAY_TEACH = Power("appeals.teach")
"""Let the classifier learn from closed matters, or take a version back."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A class that a text suggests, and the words that suggest it."""

    class_code: str
    words: tuple[str, ...]
    confidence: float = 0.0
    """Between 0 and 1 when a learnt version answers; 0 when words of the classes do."""
    second: str = ""
    """The next likely class, if a learnt version answers."""
    learnt: bool = False


@dataclass(frozen=True, slots=True)
class Urgent:
    """A reason to hurry, and the words of the text that give it."""

    reason: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of learning: the version's number, what it was compared with, whether it serves."""

    number: int
    against: int
    """The number of the version that served before; 0 stands for the words of the classes."""
    learnt_from: int
    compared_on: int
    new_macro_f1: float
    old_macro_f1: float
    new_right_alone: int
    old_right_alone: int
    chance: float
    serves: bool
