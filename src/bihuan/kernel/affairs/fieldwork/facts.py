"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class VisitRecorded(Fact):
    """Somebody was there."""

    name = "fieldwork.visit_recorded.v1"
    kind: str
    area_path: str
    organisation: str
    verifies: str
    passed: bool | None


@dataclass(frozen=True, slots=True)
class FindingRecorded(Fact):
    """A patrol saw something. What it means, the competent unit decides."""

    name = "fieldwork.finding_recorded.v1"
    visit: str
    domain: str
    effect: str
    looks_major: bool
    area_path: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ShiftBegan(Fact):
    """Somebody took the duty of a unit."""

    name = "fieldwork.shift_began.v1"
    unit: int
    area_path: str
    after: int
    """The shift that was handed over; 0: none, or it was taken without."""


@dataclass(frozen=True, slots=True)
class DutyEntryWritten(Fact):
    """A line was written into the duty log."""

    name = "fieldwork.duty_entry_written.v1"
    shift: int
    kind: str
    area_path: str


@dataclass(frozen=True, slots=True)
class HandoverOffered(Fact):
    """A shift was offered to the next person."""

    name = "fieldwork.handover_offered.v1"
    shift: int
    to_person: str
    gathered: int


@dataclass(frozen=True, slots=True)
class HandoverEnded(Fact):
    """A hand-over was accepted, or taken back."""

    name = "fieldwork.handover_ended.v1"
    shift: int
    accepted: bool
