"""Pure decisions of the story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def pick_two(items: Sequence[T], week: int, shift: int) -> tuple[T, ...]:
    """Return two of `items`, others each week and for each firm, so that all get their turn."""
    if len(items) < 2:
        return tuple(items)
    first = (2 * (week + shift)) % len(items)
    return items[first], items[(first + 1) % len(items)]
