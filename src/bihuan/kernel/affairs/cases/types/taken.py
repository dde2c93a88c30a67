"""What another system kept of its matters, as it is taken over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bihuan.kernel.affairs.cases.types.given import Detail, NewPart, Raise
from bihuan.kernel.affairs.cases.types.words import CaseId, MoveName
from bihuan.kernel.ground.registry.types import PersonId, UnitId


@dataclass(frozen=True, slots=True)
class Hand:
    """Who made a step, as far as the records know: a person, a unit of this house, or neither."""

    person_id: PersonId | None = None
    unit_id: UnitId | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One step as the records hold it: a move of the table, when, by whom, with what."""

    move: MoveName
    at: datetime
    by: Hand = field(default_factory=Hand)
    detail: Detail = field(default_factory=Detail)
    part_of: UnitId | None = None
    """The unit whose part moved; None: the matter itself moved."""
    parts: tuple[NewPart, ...] = ()
    """For a dispatch: to which units."""


@dataclass(frozen=True, slots=True)
class History:
    """A matter with all that happened to it, in order of time."""

    what: Raise
    """It has the number of its old system (`source`, `source_key`), by which it is taken once."""
    received_at: datetime
    by: Hand = field(default_factory=Hand)
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one history: its matter, or why it was not taken."""

    source_key: str
    case_id: CaseId | None = None
    number: str = ""
    repeated: bool = False
    refusal: str = ""
    """In words; with `deed`, the step that the table does not know, counted from 1."""
    deed: int = 0
