"""What this story announces."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class ClassifierReplaced(Fact):
    """Another version suggests classes now; 0 stands for the words of the classes."""

    name = "appeals.classifier_replaced.v1"
    serving: int
    before: int
    compared_on: int
    chance: float


@dataclass(frozen=True, slots=True)
class PublicWordsSet(Fact):
    """A reviewer let the public read words of a matter, or withheld them."""

    name = "appeals.public_words_set.v1"
    number: str
    shown: bool
