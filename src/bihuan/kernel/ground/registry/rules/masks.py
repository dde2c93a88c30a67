"""What of a personal value may be shown: one rule for every field; how much is data, with dates."""

from __future__ import annotations

from bihuan.kernel.ground.registry.types import Keep


def mask(value: str, keep: Keep | None) -> str:
    """Return `value` with stars for all but its first and last characters.

    None shows nothing at all. A value too short for its mask is all stars.
    """
    if keep is None or not value:
        return ""
    hidden = len(value) - keep.first - keep.last
    if hidden <= 0:
        return "*" * len(value)
    return value[: keep.first] + "*" * hidden + value[len(value) - keep.last :]
