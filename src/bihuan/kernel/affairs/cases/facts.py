"""What this room announces. Payloads hold ids and codes, no personal text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class CaseOpened(Fact):
    """A matter was raised and received by the centre."""

    name = "cases.case_opened.v1"
    number: str
    kind: str
    class_code: str
    area_path: str
    source: str
    concerns: str
    cause: str


@dataclass(frozen=True, slots=True)
class CaseMoved(Fact):
    """A matter went from one state to another."""

    name = "cases.case_moved.v1"
    number: str
    kind: str
    class_code: str
    move: str
    source: str
    target: str
    round_no: int
    area_path: str
    concerns: str
    raised_by: str
    grade: str
    due_at: datetime | None
    notice: str


@dataclass(frozen=True, slots=True)
class PartMoved(Fact):
    """One unit's part went from one state to another; its matter is the subject."""

    name = "cases.part_moved.v1"
    number: str
    kind: str
    class_code: str
    part_id: int
    unit_id: int
    role: str
    move: str
    source: str
    target: str
    area_path: str
    concerns: str
    raised_by: str
    grade: str
    due_at: datetime | None
    notice: str
    case_state: str
    """Where its matter stands after it, and by when that is due."""
    case_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReferenceNoted(Fact):
    """A petition was linked, extended, or something was noted of it."""

    name = "cases.reference_noted.v1"
    what: str
    number: str


@dataclass(frozen=True, slots=True)
class HistoriesTakenOver(Fact):
    """Matters were taken over from another system with all that happened to them there."""

    name = "cases.histories_taken_over.v1"
    source: str
    count: int


@dataclass(frozen=True, slots=True)
class LimitWished(Fact):
    """Somebody asked that a new limit shall hold for open matters too, or decided it."""

    name = "cases.limit_wished.v1"
    what: str
    code: str
    amount: int
    unit: str
    moved: int


@dataclass(frozen=True, slots=True)
class LimitChanged(Fact):
    """The date of an open matter moved because its limit was changed for open matters too."""

    name = "cases.limit_changed.v1"
    number: str
    code: str
    wish: int
    was_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PartHandedOn(Fact):
    """A unit was dissolved; another one goes on with its part. The limit stays."""

    name = "cases.part_handed_on.v1"
    number: str
    part_id: int
    from_unit: int
    to_unit: int
    role: str
    joined: bool
    """The other unit had a part of this matter already; both became one."""
    area_path: str
    due_at: datetime | None
