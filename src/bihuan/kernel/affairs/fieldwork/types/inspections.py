"""Words of administrative inspections: who may order, by which certificate, and what was ordered.

An inspection is another law than a patrol: an approved task, a published item, a code, two officers
with certificates. Only its findings know the word *order*.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import (
    AreaPath,
    OrganisationId,
    PersonId,
    Power,
    UnitId,
)

CertificateId = NewType("CertificateId", int)

MAY_INSPECT = Power("fieldwork.inspect")
"""Begin an approved inspection and keep its record. A certificate decides who leads."""
MAY_ASSIST = Power("fieldwork.assist")
MAY_SERVE = Power("fieldwork.serve")
MAY_CERTIFY = Power("fieldwork.certify")
"""Enter the certificates of officers."""
MAY_DECIDE_REQUESTS = Power("fieldwork.decide_requests")
"""Approve or refuse, for one's department, an inspection that a patrol asked for."""

INSPECTION = "fieldwork.inspection"
INSPECTION_FINDING = "fieldwork.inspection_finding"
INSPECTION_REQUEST = "fieldwork.inspection_request"

LEAST_OFFICERS = 2
"""行政处罚法: not fewer than two officers, each with a certificate."""


class Grade(enum.StrEnum):
    """How grave a finding is."""

    GENERAL = "general"
    MAJOR = "major"


class OrderEffect(enum.StrEnum):
    """What a certified officer's finding may become."""

    ADVICE = "advice"
    ORDER = "order"


class Attendance(enum.StrEnum):
    """As what somebody takes part."""

    OFFICER = "officer"
    ASSISTANT = "assistant"
    """Without a certificate: carries and writes, decides nothing."""


class Signing(enum.StrEnum):
    """How the firm answered the record that was read to it."""

    SIGNED = "signed"
    REFUSED = "refused"


class RecordKind(enum.StrEnum):
    """Further records made on the spot, each a document of its own."""

    SAMPLING = "sampling"
    SURVEY = "survey"
    ENQUIRY = "enquiry"


class RequestState(enum.StrEnum):
    """Where a wish for an inspection outside the plan stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate of enforcement (行政执法证) as the issuing body lists it."""

    person_id: PersonId
    unit_id: UnitId
    number: str
    valid_from: date
    valid_to: date | None = None
    """The first day on which it no longer holds."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of enforcement."""

    id: CertificateId
    person_id: PersonId
    unit_id: UnitId
    number: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Return whether it is valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody who takes part, for which unit, and as what."""

    person_id: PersonId
    unit_id: UnitId
    attendance: Attendance
    certificate_id: CertificateId | None = None
    certificate_number: str = ""


@dataclass(frozen=True, slots=True)
class NewInspection:
    """An inspection as the tablet begins it. The id is the tablet's, so that twice is once."""

    inspection_id: UUID
    approval: Ref
    """The approved task; without one there is no inspection."""
    code_text: str
    """What was scanned at the firm's door, or shown by the firm."""
    organisation_id: OrganisationId
    people: tuple[PersonId, ...]
    longitude: float | None = None
    latitude: float | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assurances:
    """The five assurances of a rectification (五落实): who, how, money, by when, what if."""

    responsible: str = ""
    measures: str = ""
    funds: str = ""
    due_on: date | None = None
    emergency_plan: str = ""

    def lacking(self) -> tuple[str, ...]:
        """Return the names of those that are not given."""
        given: Mapping[str, object] = {
            "responsible": self.responsible.strip(),
            "measures": self.measures.strip(),
            "funds": self.funds.strip(),
            "due_on": self.due_on,
            "emergency_plan": self.emergency_plan.strip(),
        }
        return tuple(name for name, value in given.items() if not value)


@dataclass(frozen=True, slots=True)
class NewInspectionFinding:
    """One item that failed. It belongs to the department whose item it is."""

    finding_id: UUID
    item: str
    line: str
    unit_id: UnitId
    text: str
    effect: OrderEffect = OrderEffect.ORDER
    grade: Grade = Grade.GENERAL
    assurances: Assurances = Assurances()
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InspectionFinding:
    """A recorded finding of an inspection."""

    id: UUID
    inspection_id: UUID
    item: str
    line: str
    unit_id: UnitId
    text: str
    effect: OrderEffect
    grade: Grade
    assurances: Assurances
    organisation_id: OrganisationId
    area_path: AreaPath
    photos: tuple[str, ...]
    found_by: PersonId
    at: datetime
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class FurtherRecord:
    """A sampling, survey or enquiry record made during an inspection."""

    id: UUID
    kind: RecordKind
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Inspection:
    """A recorded inspection."""

    id: UUID
    approval: Ref
    organisation_id: OrganisationId
    area_path: AreaPath
    started_at: datetime
    distance_m: int | None
    people: tuple[Attending, ...]
    closed_at: datetime | None = None
    signing: Signing | None = None
    signed_name: str = ""
    refusal: str = ""
    signature: str = ""
    words: str = ""
    repeated: bool = False

    def units(self) -> frozenset[UnitId]:
        """Return the units for which an officer with a certificate takes part."""
        return frozenset(p.unit_id for p in self.people if p.attendance is Attendance.OFFICER)


@dataclass(frozen=True, slots=True)
class Closing:
    """How the record ended: signed on glass by whom, or refused and why."""

    signing: Signing
    name: str = ""
    signature: str = ""
    """Hash of the stored picture of the signature."""
    refusal: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A patrol asks a department to inspect outside the plan. It asks; it cannot order."""

    request_id: UUID
    finding_id: UUID
    unit_id: UnitId
    reason: str


@dataclass(frozen=True, slots=True)
class InspectionRequest:
    """A wish for an inspection, and what became of it."""

    id: UUID
    finding_id: UUID
    organisation_id: OrganisationId
    area_path: AreaPath
    unit_id: UnitId
    reason: str
    asked_by: PersonId
    asked_at: datetime
    state: RequestState = RequestState.ASKED
    decided_at: datetime | None = None
    decision: str = ""
    repeated: bool = False


def inspection_ref(inspection_id: UUID) -> Ref:
    """Return the pointer to an inspection."""
    return Ref(INSPECTION, str(inspection_id))


def inspection_finding_ref(finding_id: UUID) -> Ref:
    """Return the pointer to a finding of an inspection."""
    return Ref(INSPECTION_FINDING, str(finding_id))


def request_ref(request_id: UUID) -> Ref:
    """Return the pointer to a wish for an inspection."""
    return Ref(INSPECTION_REQUEST, str(request_id))
