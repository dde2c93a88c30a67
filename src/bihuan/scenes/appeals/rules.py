"""Pure decisions of the story: which class a report suggests, what its title is."""

from __future__ import annotations

from bihuan.scenes.appeals.types import Guess

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
