"""Words of deadlines: budgets, spans, the calendar, a computed due time and why it is that one."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NewType, Protocol

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Power

TimerId = NewType("TimerId", int)


class Unit(enum.StrEnum):
    """What a budget is counted in (domain A2)."""

    WORK_HOURS = "WH"
    WORK_DAYS = "WD"
    HOURS = "EH"
    DAYS = "CD"


class Band(enum.StrEnum):
    """The colour of a deadline."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"
    PAUSED = "paused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much time is granted: an amount in its own unit."""

    amount: int
    unit: Unit

    @classmethod
    def from_value(cls, value: Mapping[str, Any]) -> Budget:
        """Return the budget that a standard holds as ``{amount: 5, unit: WD}``.

        Raises:
            ValueError: the amount is not positive or the unit is unknown.
        """
        amount = int(value["amount"])
        if amount <= 0:
            raise ValueError("a budget is positive")
        return cls(amount, Unit(value["unit"]))


@dataclass(frozen=True, slots=True)
class Start:
    """One clock of many that are started together: of what, how long, from when."""

    subject: Ref
    budget: Budget
    at: datetime


@dataclass(frozen=True, slots=True)
class Suspension:
    """A span that does not count; open while `until` is None."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a notice: off with the holiday's name, or worked instead."""

    off: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working calendar: listed days, the years whose notice is known, the office hours."""

    days: Mapping[date, Day]
    years: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    yellow: float = 0.5
    orange: float = 0.2
    """Shares of the budget left at which the colour changes."""


class Why(enum.StrEnum):
    """The kinds of sentences in an explanation."""

    COUNTED_FROM = "counted_from"
    SKIPPED = "skipped"
    SUSPENDED = "suspended"
    ROLLED = "rolled"
    MADE_UP = "made_up"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: what happened to which days, and by what name."""

    why: Why
    first: date
    last: date
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A computed due time with its colour moments and the reasons for the date."""

    at: datetime
    yellow_at: datetime
    orange_at: datetime
    budget: Budget
    started_at: datetime
    provisional: bool = False
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock of a subject as it stands."""

    id: TimerId
    subject: Ref
    name: str
    due: Due
    suspended: bool = False
    suspended_reason: str = ""
    review_at: datetime | None = None
    stopped_at: datetime | None = None
    extended_by: str = ""
    was_due_at: datetime | None = None
    """When it was due before it was extended, or before its limit was changed."""
    limit_by: str = ""
    """By what its limit was changed for matters that were open already."""

    @property
    def yellow_at(self) -> datetime:
        """Return when half of the budget is left."""
        return self.due.yellow_at

    @property
    def orange_at(self) -> datetime:
        """Return when a fifth of the budget is left."""
        return self.due.orange_at


@dataclass(frozen=True, slots=True)
class Left:
    """How much is left or overdue, in the largest unit that a person would say."""

    band: Band
    amount: int
    unit: str
    """``work_days``, ``days``, ``hours`` or ``minutes``."""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class RungFired:
    """A rung of a timer that fired now: ``half``, ``fifth``, ``due`` or ``overdue_3``."""

    timer_id: TimerId
    subject: Ref
    timer: str
    rung: str
    due_at: datetime
    overdue_days: int = 0
    latest: bool = True
    """False for a rung that a higher one overtook before anybody looked, after an outage."""


# -- what nothing covers --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Something that could be forgotten: why (a code), what, and the number people know it by."""

    why: str
    subject: Ref
    number: str = ""
    note: str = ""


class Cover(Protocol):
    """What a room declares for the subjects of its clocks: it finds what nothing covers."""

    def __call__(self, *, at: datetime) -> Iterable[Uncovered]:
        """Return what could be forgotten."""


# -- the yearly notice ----------------------------------------------------------------------------

MANAGE_CALENDAR = Power("clocks.manage_calendar")
"""Enter a year's notice of holidays, and see what a changed rule would move."""


class FaultCode(enum.StrEnum):
    """What is wrong with a row of a notice."""

    NO_DATE = "no_date"
    OTHER_YEAR = "other_year"
    UNKNOWN_KIND = "unknown_kind"
    NO_NAME = "no_name"
    WORKS_ANYWAY = "works_anyway"
    """An ordinary weekday as a day worked instead: it is worked anyway."""
    TWICE = "twice"
    TOO_MANY = "too_many"
    EMPTY = "empty"
    PAST_CHANGED = "past_changed"
    NO_SOURCE = "no_source"
    BAD_YEAR = "bad_year"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a table: its row (0: the whole), what is wrong, what was given."""

    row: int
    code: FaultCode
    given: str


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of a notice: off with the holiday's name, or worked instead."""

    day: date
    off: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class YearNotice:
    """A year's notice as somebody enters it."""

    year: int
    source: str
    days: tuple[NoticeDay, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A clock whose due time moves: from when to when."""

    timer_id: TimerId
    subject: Ref
    timer: str
    was_at: datetime
    due_at: datetime
