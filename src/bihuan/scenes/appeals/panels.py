"""What the story shows on pages of matters: what a text reads like, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import APPEAL, CaseView
from bihuan.kernel.ground.registry.types import Scope
from bihuan.scenes.appeals import learning
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.operations import suggest
from bihuan.scenes.appeals.topics.queries import list_topics

BEFORE_HANDLING = frozenset({"file", "dispatch", "assign"})


@dataclass(frozen=True, slots=True)
class ReadsLike:
    """What a matter reads like to the classifier; a person decides."""

    title: str
    percent: int
    """How sure, in a hundred; 0 when the words of the classes suggest. Never quite a hundred."""
    words: str
    second: str
    differs: bool
    """The matter stands under another class."""
    urgent: str


def reads_like(view: CaseView, scope: Scope, at: datetime) -> ReadsLike | None:
    """Return what an appeal reads like, while somebody still decides whose it is."""
    if view.kind != APPEAL or view.unheard or not BEFORE_HANDLING & set(view.moves):
        return None
    text = view.text if view.text.startswith(view.title[:8]) else f"{view.title}\n{view.text}"
    guess = suggest(text)
    urgent = urgent_words(text, at=at)
    if not (guess.learnt or guess.words or urgent):
        return None
    return ReadsLike(
        title=class_words(guess.class_code),
        percent=min(99, round(guess.confidence * 100)),
        words=quoted(guess.words),
        second=class_words(guess.second) if guess.second else "",
        differs=guess.class_code != view.class_code,
        urgent=urgent,
    )


def urgent_words(text: str, *, at: datetime) -> str:
    """Return the words of a text that sound urgent, as one phrase."""
    found = learning.urgent(text, at=at)
    return quoted([word for one in found for word in one.words])


def quoted(words: Sequence[str]) -> str:
    """Return words as one phrase, each in quotation marks, none inside another."""
    whole = [word for word in words if not any(word in w and word != w for w in words)]
    return "".join(f"“{word}”" for word in whole)


@dataclass(frozen=True, slots=True)
class HotTopic:
    """A proposal above the worklist: many people, one matter, and the words that say so."""

    area: str
    title: str
    words: str
    people: int
    matters: int


def hot_topics(scope: Scope, at: datetime) -> tuple[HotTopic, ...]:
    """Return the three hottest topics of one's areas; nothing when none is proposed."""
    return tuple(
        HotTopic(
            area=topic.area_name,
            title=class_words(topic.class_code),
            words=quoted(topic.words),
            people=topic.people,
            matters=len(topic.members),
        )
        for topic in list_topics(scope=scope, most=3)
    )


def class_words(code: str) -> str:
    """Return the title of a class."""
    return next((_(one.title) for one in CLASSES if one.code == code), code)
