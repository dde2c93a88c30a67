"""What stands beside matters: plans for several at once, saved filters, ready words, references."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from bihuan.kernel.affairs.cases.types.seen import Alike
from bihuan.kernel.affairs.cases.types.words import CaseId, State
from bihuan.kernel.ground.registry.types import AreaPath, UnitId

ReferenceId = NewType("ReferenceId", int)


@dataclass(frozen=True, slots=True)
class Planned:
    """One of several matters, with the units that fit and the matters that may be the same."""

    id: CaseId
    number: str
    title: str
    place: str
    class_title: str
    state: State
    version: int
    raised_at: datetime
    units: tuple[tuple[UnitId, str], ...]
    """The best first."""
    alike: tuple[Alike, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with one of several matters: give it to a unit, or merge it."""

    case_id: CaseId
    version: int
    """The matter as it was when the plan was shown."""
    unit_id: UnitId | None = None
    master_id: CaseId | None = None


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """What became of one wish; `refusal` says why it was not done."""

    case_id: CaseId
    number: str
    state: State | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved filter: its name and its address."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Template:
    """Words that a unit answers with often."""

    id: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class NewReference:
    """A matter under petition procedure, as its own system knows it."""

    number: str
    title: str
    area_path: AreaPath
    registered_on: date
    unit_id: UnitId | None = None
    case_number: str = ""
    """A matter of the hotline about the same, if any."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as a page shows it, with the limits of its own regulation."""

    id: ReferenceId
    number: str
    title: str
    area_name: str
    unit_name: str
    registered_on: date
    answer_by: date
    complete_by: date
    told_on: date | None
    completed_on: date | None
    extended_days: int
    case_id: CaseId | None = None
    case_number: str = ""

    @property
    def next_due(self) -> date | None:
        """Return what is due next: telling, completing, or nothing."""
        if self.completed_on is not None:
            return None
        return self.complete_by if self.told_on is not None else self.answer_by
