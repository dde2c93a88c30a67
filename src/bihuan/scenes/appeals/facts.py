"""What this story announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True, slots=True)
class TopicFound(Fact):
    """Open matters seem to be one; it is proposed, nothing else."""

    name = "appeals.topic_found.v1"
    matters: int


@dataclass(frozen=True, slots=True)
class TopicSettled(Fact):
    """Somebody made a topic one matter (`joined` follow it), or dismissed it."""

    name = "appeals.topic_settled.v1"
    state: str
    joined: int


@dataclass(frozen=True, slots=True)
class ArticleSettled(Fact):
    """An article of the knowledge base was submitted, published, sent back or withdrawn."""

    name = "appeals.article_settled.v1"
    number: str
    what: str
    version: int


@dataclass(frozen=True, slots=True)
class ArticleDue(Fact):
    """The day came on which a unit looks at an article again."""

    name = "appeals.article_due.v1"
    number: str
    unit_id: int
    area_path: str
    review_on: date
