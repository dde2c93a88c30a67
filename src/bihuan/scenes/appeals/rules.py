"""Pure decisions of the story: which class a report suggests, what its title is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bihuan.scenes.appeals.types import Guess, Urgent

OTHER = "other"
TITLE_LENGTH = 28
STOPS = "。！？；!?;\n"


def guess_class(text: str, words: dict[str, tuple[str, ...]]) -> Guess:
    """Return the class whose words stand most often in `text`, and which words they were.

    A suggestion that a person confirms or changes; with no word found it is "other".
    """
    found = {code: tuple(w for w in suggesting if w in text) for code, suggesting in words.items()}
    best = max(found, key=lambda code: (len(found[code]), -list(found).index(code)))
    return Guess(best, found[best]) if found[best] else Guess(OTHER, ())


def title_of(text: str) -> str:
    """Return the first sentence, shortened: how the matter is called in lists."""
    first = text.strip()
    for stop in STOPS:
        first = first.split(stop, 1)[0]
    first = first.strip(" ，,：:、")
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def urgent_reasons(text: str, standard: Mapping[str, Sequence[str]]) -> tuple[Urgent, ...]:
    """Return why a text sounds urgent, with the words that say so; nothing when none stands there.

    `standard` is the dated rule: words by reason. A word after "no" or "worried about" still
    counts: to look in vain costs less than to come too late.
    """
    found = (
        (why, tuple(word for word in words if word in text)) for why, words in standard.items()
    )
    return tuple(Urgent(why, words) for why, words in found if words)
