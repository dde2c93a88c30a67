"""Pure decisions of this room."""

from __future__ import annotations

import math
import re

LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){6}")
"""Seven digits in a row, also with blanks or dashes between: a telephone or an identity number."""


def holds_long_number(words: str) -> bool:
    """Return whether words hold what may be a telephone or an identity number."""
    return LONG_NUMBER.search(words) is not None


EARTH_M = 6_371_000


def metres_between(first: tuple[float, float], second: tuple[float, float]) -> int:
    """Return how far two points (longitude, latitude) lie apart, in metres along the ground."""
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, point)) for point in (first, second))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return round(2 * EARTH_M * math.asin(math.sqrt(half)))
