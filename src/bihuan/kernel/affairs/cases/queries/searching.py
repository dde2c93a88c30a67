"""Finding matters by what was said in them: the latest of one's care, one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.policies import at_work
from bihuan.kernel.affairs.cases.types import CaseId, CaseLink, State
from bihuan.kernel.ground.registry.types import Scope

READ = 10_000
"""So many matters are read at most, the latest: a title is found among all, a text among these."""
BESIDE = 14
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A matter whose text holds the words, and the words around the first of them."""

    link: CaseLink
    words: str


def search_texts(
    text: str, *, scope: Scope, but: Iterable[CaseId] = (), most: int
) -> tuple[Mention, ...]:
    """Return matters on which `scope` works whose text holds each word, the latest first."""
    words = text.split()[:MOST_WORDS]
    if not words:
        return ()
    latest = Case.objects.filter(at_work(scope)).order_by("-raised_at", "-pk").values("pk")[:READ]
    rows = Case.objects.filter(pk__in=latest).exclude(pk__in=set(but))
    for word in words:
        rows = rows.filter(text__icontains=word)
    found = rows.order_by("-raised_at", "-pk")[:most]
    return tuple(
        Mention(
            CaseLink(CaseId(row.pk), row.number, row.title, State(row.state)),
            _around(row.text, words[0]),
        )
        for row in found
    )


def _around(text: str, word: str) -> str:
    """Return a word with what stands beside it, on one line."""
    flat = " ".join(text.split())
    at = max(0, flat.casefold().find(word.casefold()))
    begins, ends = max(0, at - BESIDE), at + len(word) + BESIDE
    return ("…" if begins else "") + flat[begins:ends] + ("…" if ends < len(flat) else "")
