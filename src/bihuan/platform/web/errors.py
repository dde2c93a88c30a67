"""Refusals that a person can read. Operations raise them; the edge turns them into answers.

The words are source strings for gettext, with parameters apart, so that rules need no framework.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext


class Refused(Exception):
    """Somebody asked for what is not to be. `words` say what is wrong and what to do."""

    status = 422

    def __init__(self, words: str, *, code: str = "", field: str = "", **params: object):
        super().__init__(words)
        self.words = words
        self.code = code or type(self).__name__
        self.field = field
        self.params: Mapping[str, object] = params

    def spoken(self) -> str:
        """Return the refusal in the reader's language."""
        text = gettext(self.words)
        return text % self.params if self.params else text


class NotFound(Refused):
    """There is no such thing, or none that this reader may know of. Both sound the same."""

    status = 404


class NotAllowed(Refused):
    """The reader may know of it, but may not do this."""

    status = 403


class Conflict(Refused):
    """Somebody else was quicker; what was typed is kept, the reader looks again."""

    status = 409


class Mismatch(Refused):
    """A command's id came back with other contents."""

    status = 422
