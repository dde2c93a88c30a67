"""Words of figures: what is counted, over what, since when, and how it is told."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bihuan.kernel.ground.registry.types import AreaPath, Power

FigureCode = NewType("FigureCode", str)

MAY_SEE_FIGURES = Power("indices.see")

SMALLEST_DENOMINATOR = 30
"""Below so many cases a rate says nothing; the tile shows “—” and why."""


class Unit(enum.StrEnum):
    """What a figure counts in."""

    CASES = "cases"
    PERCENT = "percent"
    POINTS = "points"
    FIRMS = "firms"


class Missing(enum.StrEnum):
    """Why a figure has no value."""

    TOO_FEW = "too_few"
    NO_SOURCE = "no_source"
    NOTHING_DUE = "nothing_due"


class Since(enum.StrEnum):
    """The period of a figure, by the business date."""

    TODAY = "today"
    THIS_MONTH = "this_month"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its definition as words, its period, and the conditions of its two counts.

    `numerator` and `denominator` are conditions over one relation (a documented database view),
    written once; the list behind the figure uses the same words. A figure without a denominator
    is a count. `good` says which direction is better: "up", "down" or "".
    """

    code: FigureCode
    title: str
    definition: str
    relation: str
    numerator: str
    since: Since
    denominator: str = ""
    dated_by: str = ""
    """The column by which a row belongs to the period."""
    unit: Unit = Unit.CASES
    source: str = ""
    good: str = ""
    smallest: int = SMALLEST_DENOMINATOR
    always_bad_above: float | None = None
    """A count above this is shown as overdue; only for figures about time."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure as it stands: the value or why there is none, its parts, and the change."""

    figure: Figure
    as_of: datetime
    value: float | None
    numerator: int
    denominator: int | None
    missing: Missing | None = None
    change: float | None = None
    """Against the same span before: yesterday for today and now, last month for this month."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row behind a figure."""

    key: str
    number: str
    title: str
    where: str
    holder: str
    at: datetime | None
    due_at: datetime | None
    state: str
    counted: bool
    """Whether it is in the numerator; rows of the denominator alone are shown too."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a composite index: its share 0–1, its weight, or why there is none."""

    code: str
    title: str
    definition: str
    weight: float
    share: float | None
    numerator: float = 0.0
    denominator: float = 0.0
    missing: Missing | None = None

    @property
    def points(self) -> float | None:
        """Return weight × share, in points of the index."""
        return None if self.share is None else self.weight * self.share


@dataclass(frozen=True, slots=True)
class AreaIndex:
    """The index of one area, with its components; higher means more risk."""

    area_path: AreaPath
    area_name: str
    as_of: datetime
    version: str
    components: tuple[Component, ...]
    firms: int = 0

    @property
    def value(self) -> float | None:
        """Return the index: the points over the weights that have a source, on a scale of 100."""
        known = [c for c in self.components if c.share is not None]
        weight = sum(c.weight for c in known)
        if weight == 0:
            return None
        return 100 * sum(c.points or 0.0 for c in known) / weight


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the overdue ladder: how long overdue, who is told, how many."""

    code: str
    count: int
