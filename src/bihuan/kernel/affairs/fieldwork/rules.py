"""Pure decisions of this room."""

from __future__ import annotations

import re

LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){6}")
"""Seven digits in a row, also with blanks or dashes between: a telephone or an identity number."""


def holds_long_number(words: str) -> bool:
    """Return whether words hold what may be a telephone or an identity number."""
    return LONG_NUMBER.search(words) is not None
