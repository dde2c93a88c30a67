"""Pure arithmetic of figures and of the regional index (domain S2: RRI)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.kernel.sight.indices.types import Component, Missing

DEFINITIONS: dict[str, tuple[str, str]] = {
    "coded_firms": (
        "Red and yellow firms",
        "firms with a red code count 1, with a yellow code 0.5; divided by all firms",
    ),
    "overdue_hazards": ("Overdue hazards", "hazards past their due time ÷ hazards due so far"),
    "disputes": ("Disputes", "disputes with firms for each 100 firms"),
    "not_visited": ("Not visited", "1 − firms visited within the period ÷ firms to be visited"),
    "trend": ("Change in 30 days", "new hazards of the last 30 days against the 30 days before"),
}
"""Title and definition of each component, as source strings."""


def missing(denominator: int, least: int) -> Missing | None:
    """Return why a rate over so many says nothing, or None."""
    if denominator == 0:
        return Missing.NOTHING_DUE
    return Missing.TOO_FEW if denominator < least else None


def percent(numerator: int, denominator: int) -> float:
    """Return a rate in percent, to one place."""
    return round(100 * numerator / denominator, 1)


def suppressed(counts: Mapping[str, int], least: int) -> frozenset[str]:
    """Return the areas whose figures are kept back: too small, or needed to hide a small one.

    With the total known, one area kept back alone could be computed from the others; then the
    next smallest goes too.
    """
    small = {area for area, count in counts.items() if count < least}
    hidden = {area for area in small if counts[area] > 0}
    if len(hidden) == 1:
        others = sorted((count, area) for area, count in counts.items() if area not in small)
        small |= {area for _count, area in others[:1]}
    return frozenset(small)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted in one area for the index."""

    firms: int = 0
    red: int = 0
    yellow: int = 0
    green: int = 0
    hazards_due: int = 0
    hazards_overdue: int = 0
    firms_visited: int = 0
    new_hazards: int = 0
    hazards_before: int = 0


def components(counts: Counts, weights: dict[str, float]) -> tuple[Component, ...]:
    """Return the five components with the `weights` in force (parts of 1)."""
    shares = {
        "coded_firms": _share(counts.red + 0.5 * counts.yellow, counts.firms),
        "overdue_hazards": _share(
            counts.hazards_overdue, counts.hazards_due, empty=0.0 if counts.firms else None
        ),
        "disputes": (None, 0.0, 0.0),
        "not_visited": _not_visited(counts),
        "trend": _trend(counts),
    }
    return tuple(_component(code, shares[code], 100 * weights[code]) for code in DEFINITIONS)


Share = tuple[float | None, float, float]


def _share(numerator: float, denominator: float, *, empty: float | None = None) -> Share:
    if denominator == 0:
        return empty, numerator, denominator
    return min(1.0, numerator / denominator), numerator, denominator


def _not_visited(counts: Counts) -> Share:
    if counts.firms == 0:
        return None, 0.0, 0.0
    visited = min(counts.firms_visited, counts.firms)
    return 1 - visited / counts.firms, counts.firms - visited, counts.firms


def _trend(counts: Counts) -> Share:
    """Return 0 for half as many or fewer, 0.5 for equally many, 1 for twice as many or more."""
    new, before = counts.new_hazards, counts.hazards_before
    if new == before == 0:
        return (None if counts.firms == 0 else 0.5), new, before
    if new == before:
        return 0.5, new, before
    share = new / (new + before)
    return min(1.0, max(0.0, (share - 1 / 3) * 3)), new, before


def _component(code: str, share: Share, weight: float) -> Component:
    title, definition = DEFINITIONS[code]
    value, numerator, denominator = share
    missing = None
    if value is None:
        missing = Missing.NO_SOURCE if code == "disputes" else Missing.NOTHING_DUE
    return Component(code, title, definition, weight, value, numerator, denominator, missing)


def add(left: Counts, right: Counts) -> Counts:
    """Return the counts of two areas together."""
    names = Counts.__dataclass_fields__
    return Counts(**{name: getattr(left, name) + getattr(right, name) for name in names})
