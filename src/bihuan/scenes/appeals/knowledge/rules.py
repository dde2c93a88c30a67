"""Pure decisions of the knowledge base: what an article must have, which one fits a matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.scenes.appeals.knowledge.types import Draft
from bihuan.scenes.appeals.topics.rules import likeness_within, pairs_of, runs, weights_of

SAME_CLASS = 0.15
CALLED_SO = 0.6
"""How well an article fits whose other words stand in the text just so."""
ASKING = frozenset(
    [
        "什么",
        "么时",
        "时候",
        "怎么",
        "么办",
        "怎样",
        "多久",
        "几天",
        "几点",
        "可以",
        "能不",
        "不能",
        "哪里",
        "谁来",
        "归谁",
        "谁管",
        "找谁",
    ]
)
"""Pairs of characters with which anything is asked; they say nothing of what is asked."""
PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
LONGEST = {"question": 120, "answer": 3000, "basis": 300, "asked_as": 200}


def fault_of(draft: Draft) -> tuple[str, str] | None:
    """Return what is wrong with a draft, as (field, code); None when it may be looked at."""
    for name, code in (
        ("question", "no_question"),
        ("answer", "no_answer"),
        ("basis", "no_basis"),
    ):
        if not getattr(draft, name).strip():
            return name, code
    for name, most in LONGEST.items():
        if len(getattr(draft, name)) > most:
            return name, "too_long"
    return _fault_of_days(draft) or _fault_of_numbers(draft)


def _fault_of_days(draft: Draft) -> tuple[str, str] | None:
    if draft.review_on is None or draft.valid_from is None:
        return "review_on", "no_days"
    if draft.valid_until is not None and draft.valid_until <= draft.valid_from:
        return "valid_until", "ends_early"
    if draft.review_on <= draft.valid_from:
        return "review_on", "review_early"
    return None


def _fault_of_numbers(draft: Draft) -> tuple[str, str] | None:
    text = f"{draft.question} {draft.answer} {draft.basis}"
    if draft.is_public and PERSONAL.search(text):
        return "answer", "number"
    return None


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of an article when one looks for a fitting one."""

    key: int
    question: str
    asked_as: str
    class_code: str


def find_fitting(
    text: str, class_code: str, questions: Sequence[Question], *, least: float, most: int
) -> list[tuple[int, float]]:
    """Return the articles whose question fits a text, as (key, fit), the best first."""
    told = pairs_of(text)
    flat = "".join(runs(text))
    asked = {one.key: pairs_of(one.question) - ASKING for one in questions}
    weights = weights_of(asked.values())
    found = []
    for one in questions:
        fit = likeness_within(asked[one.key], told, weights)
        if any(len(word) > 1 and word in flat for word in runs(one.asked_as)):
            fit = max(fit, CALLED_SO)
        if fit > 0 and one.class_code and one.class_code == class_code:
            fit += SAME_CLASS
        if fit >= least:
            found.append((one.key, min(fit, 1.0)))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:most]


def is_past_review(review_on: date, today: date) -> bool:
    """Return whether an article should have been looked at again."""
    return review_on < today
