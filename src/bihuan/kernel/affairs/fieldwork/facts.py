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


@dataclass(frozen=True, slots=True)
class InspectionStarted(Fact):
    """Officers with certificates began an approved inspection, at the firm."""

    name = "fieldwork.inspection_started.v1"
    approval: str
    organisation: str
    area_path: str
    officers: int
    distance_m: int


@dataclass(frozen=True, slots=True)
class InspectionFindingRecorded(Fact):
    """An item failed in an inspection; the department whose item it is follows it up."""

    name = "fieldwork.inspection_finding_recorded.v1"
    inspection: str
    item: str
    line: str
    effect: str
    grade: str
    area_path: str
    organisation: str


@dataclass(frozen=True, slots=True)
class InspectionClosed(Fact):
    """The record on the spot was signed, or the firm refused to sign and that was noted."""

    name = "fieldwork.inspection_closed.v1"
    approval: str
    organisation: str
    area_path: str
    signing: str
    findings: int


@dataclass(frozen=True, slots=True)
class InspectionRequested(Fact):
    """A patrol asked a department to inspect outside the plan."""

    name = "fieldwork.inspection_requested.v1"
    unit: int
    finding: str
    organisation: str
    area_path: str


@dataclass(frozen=True, slots=True)
class InspectionRequestDecided(Fact):
    """A department approved or refused an inspection that was asked for."""

    name = "fieldwork.inspection_request_decided.v1"
    unit: int
    approved: bool
    organisation: str
    area_path: str


@dataclass(frozen=True, slots=True)
class CertificateEntered(Fact):
    """An officer's certificate was entered."""

    name = "fieldwork.certificate_entered.v1"
    person: str
    unit: int
    number: str
