"""Words of visits: three legal kinds, findings without orders, what a phone brings."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, PersonId, Power

MAY_PATROL = Power("fieldwork.patrol")
MAY_VERIFY_ON_SITE = Power("fieldwork.verify")
MAY_SEE_VISITS = Power("fieldwork.see")

POWERS_OF_DUTIES: dict[str, tuple[Power, ...]] = {
    "grid_worker": (MAY_PATROL, MAY_VERIFY_ON_SITE, MAY_SEE_VISITS),
    "grid_leader": (MAY_PATROL, MAY_VERIFY_ON_SITE, MAY_SEE_VISITS),
    "verifier": (MAY_VERIFY_ON_SITE, MAY_SEE_VISITS),
    "auditor": (MAY_SEE_VISITS,),
    "leader": (MAY_SEE_VISITS,),
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
