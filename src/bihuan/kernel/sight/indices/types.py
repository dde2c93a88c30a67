"""Words of figures: what is counted, over what, since when, and how it is told."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from bihuan.kernel.ground.registry.types import AreaPath, Power

FigureCode = NewType("FigureCode", str)

MAY_SEE_FIGURES = Power("indices.see")


class Unit(enum.StrEnum):
    """What a figure counts in."""

    CASES = "cases"
    PERCENT = "percent"
    POINTS = "points"
    FIRMS = "firms"
    HOURS = "hours"


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
class Exclusion:
    """Rows that stay out of a figure: the reason in words, and the condition, written once."""

    code: str
    words: str
    condition: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its definition as words, its period, its population, and what stays out of it.

    `population`, the exclusions and `numerator` are conditions over one source (a documented
    database view), written once; the list behind the figure uses the same words. A row of the
    population falls to the first exclusion that fits; the rest is the denominator. A figure with
    a `measure` is the median of it over the denominator; one with neither is a count of its
    numerator. `good` says which direction is better: "up", "down" or "".
    """

    code: FigureCode
    title: str
    definition: str
    relation: str
    numerator: str
    since: Since
    population: str = "TRUE"
    exclusions: tuple[Exclusion, ...] = ()
    dated_by: str = ""
    """The column by which a row belongs to the period."""
    passed: str = ""
    """Of a figure of now: the column that lies behind us for every row that it counts."""
    unit: Unit = Unit.CASES
    source: str = ""
    good: str = ""
    measure: str = ""
    """An expression in hours."""
    always_bad_above: float | None = None
    """A count above this is shown as overdue; only for figures about time."""
    open_to_all: bool = False
    """Whether the public page shows it."""
    whole: bool = False
    """Each one is to be reached, so that even one alone makes a rate."""
    lacks: str = ""
    """Why no source stands yet; such a figure is declared and says “—”."""

    @property
    def is_count(self) -> bool:
        """Whether it counts rows, over nothing."""
        return self.unit is Unit.CASES


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which value a figure earns full marks, and what each point short of it costs."""

    full: float
    per_point: float
    version: int
    source: str


@dataclass(frozen=True, slots=True)
class Left:
    """How many rows stayed out of a figure for one reason."""

    code: str
    words: str
    count: int


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
    left: tuple[Left, ...] = ()
    """What stayed out, by reason."""
    smallest: int = 0
    bounds: Bounds | None = None
    versions: tuple[tuple[str, int], ...] = ()
    """The dated standards that it was made by."""

    @property
    def has_full_marks(self) -> bool | None:
        """Whether it earns full marks; None without bounds or without a value."""
        if self.bounds is None or self.value is None:
            return None
        return self.value >= self.bounds.full

    @property
    def marks_lost(self) -> float | None:
        """Return the points short of full marks, each at its cost; None as above."""
        if self.bounds is None or self.value is None:
            return None
        return round(max(0.0, self.bounds.full - self.value) * self.bounds.per_point, 1)


@dataclass(frozen=True, slots=True)
class AreaValues:
    """Figures of one area below another; `path` is the upper one's own for rows in none below."""

    path: AreaPath
    code: str
    name: str
    values: tuple[Value, ...]


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
    kind: str = "matter"
    """What the row is: ``matter``, ``part``, ``visit``, ``firm``."""
    left: str = ""
    """The code of the exclusion that keeps it out; empty when it counts."""
    sensitive: bool = False
    """Its title is kept back."""


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
    colours: tuple[tuple[str, int], ...] = ()
    """How many of its firms have each colour."""
    versions: tuple[tuple[str, int], ...] = ()
    """Every dated standard that it was made by."""

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


@dataclass(frozen=True, slots=True)
class FirmLine:
    """One firm with its colour, how many reasons its standing has, and since when."""

    key: str
    name: str
    """Empty where the reader's scope may not know it."""
    colour: str
    score: int
    reasons: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Region:
    """The index of a scope's own area and of every city, county and town in it."""

    own: AreaIndex | None
    areas: Mapping[AreaPath, AreaIndex]
    counties: Mapping[str, str]
    """Names of all counties by code, also of those outside the scope."""
    steps: tuple[float, ...]
    """Index values at which the map's hue gets a step lighter."""
    steps_version: int


@dataclass(frozen=True, slots=True)
class DayPart:
    """How many matters stood at a day's end, and what came and went on it."""

    day: date
    open: int
    overdue: int
    raised: int
    closed: int
    back: int
    aside: int


@dataclass(frozen=True, slots=True)
class AreaDay:
    """The same of one area, for a day or until now."""

    path: str
    code: str
    name: str
    open: int
    overdue: int
    raised: int
    closed: int
    back: int
    aside: int

    @property
    def share(self) -> float | None:
        """Return the overdue ones in a hundred open ones; None when nothing is open."""
        return None if self.open == 0 else 100 * self.overdue / self.open


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Which days were counted, and when last."""

    first: date | None
    last: date | None
    made_at: datetime | None

    def has(self, day: date) -> bool:
        """Whether a day was counted."""
        return self.first is not None and self.last is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Standing:
    """How an area and those below it stand now (`day` is None), or stood at a day's end."""

    own: AreaDay
    below: tuple[AreaDay, ...]
    day: date | None
    as_of: datetime
    made_at: datetime | None
    """When the day was counted."""
    steps: tuple[float, ...]
    """Shares of overdue matters at which the map's hue gets a step lighter: a dated standard."""
    version: int


@dataclass(frozen=True, slots=True)
class DayMatter:
    """A matter behind a number of a day, as it stood then."""

    case_id: int
    number: str
    title: str
    where: str
    state: str
    at: datetime | None
    """Its deadline then; for what came and went, when it did."""
    sensitive: bool


@dataclass(frozen=True, slots=True)
class OpenArea:
    """Open figures of one area; no values: kept back, because it is small."""

    code: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """What everybody may read of an area and of those below it, in one month."""

    code: str
    name: str
    month: date
    as_of: datetime
    whole: tuple[Value, ...]
    areas: tuple[OpenArea, ...]
    least: int
    version: int
    figures: tuple[Figure, ...]
