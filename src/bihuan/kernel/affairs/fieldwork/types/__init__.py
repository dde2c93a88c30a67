"""Words of visits (their legal kinds, findings without orders) and of the duty of a hall."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from bihuan.kernel.affairs.fieldwork.types.inspections import MAY_DECIDE_REQUESTS, MAY_SERVE
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, PersonId, Power, UnitId

MAY_PATROL = Power("fieldwork.patrol")
MAY_VERIFY_ON_SITE = Power("fieldwork.verify")
MAY_SEE_VISITS = Power("fieldwork.see")
MAY_KEEP_LOG = Power("fieldwork.keep_log")
"""Be on duty in one's unit: keep the log, hand the shift over."""
MAY_SEE_LOG = Power("fieldwork.see_log")

POWERS_OF_DUTIES: dict[str, tuple[Power, ...]] = {
    "grid_worker": (MAY_PATROL, MAY_VERIFY_ON_SITE, MAY_SEE_VISITS),
    "grid_leader": (MAY_PATROL, MAY_VERIFY_ON_SITE, MAY_SEE_VISITS),
    "verifier": (MAY_VERIFY_ON_SITE, MAY_SEE_VISITS),
    "acceptor": (MAY_KEEP_LOG, MAY_SEE_LOG),
    "dispatcher": (MAY_KEEP_LOG, MAY_SEE_LOG),
    "duty_officer": (MAY_KEEP_LOG, MAY_SEE_LOG),
    "handler": (MAY_DECIDE_REQUESTS,),
    "project_officer": (MAY_SERVE,),
    "auditor": (MAY_SEE_VISITS, MAY_SEE_LOG),
    "leader": (MAY_SEE_VISITS, MAY_SEE_LOG),
}
"""What the standing duties may do in the field."""

FINDING = "fieldwork.finding"
VISIT = "fieldwork.visit"


class VisitKind(enum.StrEnum):
    """The legal kinds of visits. An administrative inspection is another table and another law."""

    PATROL = "patrol"
    """巡查走访: service and reporting; no legal effect."""
    VERIFICATION = "verification"
    """核查: somebody else looks whether it was done."""
    SERVICE = "service"
    """服务走访: asked for or offered; it advises and nothing else."""


class PatrolEffect(enum.StrEnum):
    """What a patrol's finding may become. There is no word here for an order."""

    ADVICE = "advice"
    REPORT = "report"


class Domain(enum.StrEnum):
    """The duty domains of industrial grids (article S3.06); fire apart, as it is found most."""

    FIRE = "fire"
    ELECTRICITY = "electricity"
    WORK_SAFETY = "work_safety"
    LABOUR = "labour"
    ILLEGAL_BUILDING = "illegal_building"
    OCCUPATIONAL_DISEASE = "occupational_disease"
    EPIDEMIC = "epidemic"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewPatrol:
    """A patrol visit as the phone sends it. The ids are the phone's, so that twice is once."""

    visit_id: UUID
    area_path: AreaPath
    organisation_id: OrganisationId | None = None
    note: str = ""
    longitude: float | None = None
    latitude: float | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewServiceVisit:
    """A visit to serve a firm: what it was about, and what was advised. It has no findings."""

    visit_id: UUID
    area_path: AreaPath
    organisation_id: OrganisationId
    advice: str
    longitude: float | None = None
    latitude: float | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PatrolFinding:
    """What a patrol saw. It advises or reports; it has no field in which to order."""

    finding_id: UUID
    domain: Domain
    text: str
    effect: PatrolEffect = PatrolEffect.REPORT
    looks_major: bool = False
    """What it looked like to the finder; the competent unit grades."""
    place: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewVerification:
    """A look on the spot as the phone sends it: what it verifies, and how it was."""

    visit_id: UUID
    verifies: Ref
    area_path: AreaPath
    passed: bool
    words: str = ""
    longitude: float | None = None
    latitude: float | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A recorded visit."""

    id: UUID
    kind: VisitKind
    area_path: AreaPath
    received_at: datetime
    organisation_id: OrganisationId | None = None
    verifies: Ref | None = None
    passed: bool | None = None
    claimed_at: datetime | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A recorded finding."""

    id: UUID
    visit_id: UUID
    domain: Domain
    text: str
    effect: PatrolEffect
    looks_major: bool
    place: str
    area_path: AreaPath
    organisation_id: OrganisationId | None
    longitude: float | None
    latitude: float | None
    photos: tuple[str, ...]
    received_at: datetime
    claimed_at: datetime | None
    found_by: PersonId | None = None
    repeated: bool = False


def finding_ref(finding_id: UUID) -> Ref:
    """Return the pointer to a finding."""
    return Ref(FINDING, str(finding_id))


def visit_ref(visit_id: UUID) -> Ref:
    """Return the pointer to a visit."""
    return Ref(VISIT, str(visit_id))


# -- duty -----------------------------------------------------------------------------------------

SHIFT = "fieldwork.shift"
DUTY_ENTRY = "fieldwork.duty_entry"
HANDOVER = "fieldwork.handover"
ShiftId = NewType("ShiftId", int)
DutyEntryId = NewType("DutyEntryId", int)
HandoverId = NewType("HandoverId", int)


class EntryKind(enum.StrEnum):
    """What a line of the duty log is."""

    CALL = "call"
    INSTRUCTION = "instruction"
    """批示: what a leader wants done."""
    INCIDENT = "incident"
    NOTE = "note"
    CORRECTION = "correction"
    FOLLOW_UP = "follow_up"
    """What came of an earlier line: a supervision that an instruction began."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A line for the log. `words` hangs on the wall: no names, no numbers; `detail` does not."""

    kind: EntryKind
    words: str
    detail: str = ""
    of: DutyEntryId | None = None
    about: Ref | None = None
    about_number: str = ""


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """A line of the log."""

    id: DutyEntryId
    shift_id: ShiftId
    kind: EntryKind
    at: datetime
    words: str
    detail: str
    by: PersonId
    unit_name: str
    of: DutyEntryId | None = None
    about: Ref | None = None
    about_number: str = ""
    corrected: bool = False
    """A later line corrects it; it stays readable."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's turn of duty."""

    id: ShiftId
    unit_id: UnitId
    unit_name: str
    area_path: AreaPath
    person_id: PersonId
    began_at: datetime
    ended_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """One thing that is open when a shift ends: why it is named, what it is, by when."""

    why: str
    """urgent, overdue, unassigned, review or stuck."""
    key: str
    number: str
    title: str
    where: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """A shift on its way to the next person."""

    id: HandoverId
    shift: Shift
    to: PersonId
    notes: str
    gathered: tuple[Gathered, ...]
    offered_at: datetime
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None
