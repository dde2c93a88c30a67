"""What the story shows on pages of matters: what a text reads like, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import APPEAL, CaseView
from bihuan.kernel.ground.registry.types import Scope
from bihuan.scenes.appeals import learning
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.operations import suggest

BEFORE_HANDLING = frozenset({"file", "dispatch", "assign"})


@dataclass(frozen=True, slots=True)
class ReadsLike:
    """What a matter reads like to the classifier; a person decides."""

    title: str
    percent: int
    """How sure, in a hundred; 0 when the words of the classes suggest."""
    words: tuple[str, ...]
    second: str
    differs: bool
    """The matter stands under another class."""
    urgent: tuple[str, ...]


def reads_like(view: CaseView, scope: Scope, at: datetime) -> ReadsLike | None:
    """Return what an appeal reads like, while somebody still decides whose it is."""
    if view.kind != APPEAL or not BEFORE_HANDLING & set(view.moves):
        return None
    text = view.text if view.text.startswith(view.title[:8]) else f"{view.title}\n{view.text}"
    guess = suggest(text)
    urgent = urgent_words(text, at=at)
    if not (guess.learnt or guess.words or urgent):
        return None
    return ReadsLike(
        title=_title(guess.class_code),
        percent=round(guess.confidence * 100),
        words=guess.words,
        second=_title(guess.second) if guess.second else "",
        differs=guess.class_code != view.class_code,
        urgent=urgent,
    )


def urgent_words(text: str, *, at: datetime) -> tuple[str, ...]:
    """Return the words of a text that sound urgent."""
    found = learning.urgent(text, at=at)
    return tuple(word for one in found for word in one.words)


def _title(code: str) -> str:
    return next((_(one.title) for one in CLASSES if one.code == code), code)
