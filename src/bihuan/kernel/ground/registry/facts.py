"""What the registry announces. Payloads hold ids, codes and dates, never personal text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class AreaAdded(Fact):
    """An area came into force."""

    name = "registry.area_added.v1"
    code: str
    level: str
    path: str


@dataclass(frozen=True, slots=True)
class AreaReplaced(Fact):
    """An area ended and others took its place."""

    name = "registry.area_replaced.v1"
    code: str
    kind: str
    successors: tuple[str, ...]
    on_date: date


@dataclass(frozen=True, slots=True)
class AreaShaped(Fact):
    """An area got a ground of its own in place of the schematic one."""

    name = "registry.area_shaped.v1"
    code: str


@dataclass(frozen=True, slots=True)
class UnitAdded(Fact):
    """A unit was added."""

    name = "registry.unit_added.v1"
    code: str
    area_path: str


@dataclass(frozen=True, slots=True)
class UnitClosed(Fact):
    """A unit was dissolved; `successor` is the unit that goes on with its work, if any."""

    name = "registry.unit_closed.v1"
    code: str
    successor: int | None


@dataclass(frozen=True, slots=True)
class PersonRegistered(Fact):
    """A person was registered; who, only their id says."""

    name = "registry.person_registered.v1"
    with_id_number: bool
    with_phone: bool


@dataclass(frozen=True, slots=True)
class OrganisationRegistered(Fact):
    """A firm or other body was registered."""

    name = "registry.organisation_registered.v1"
    uscc: str
    area_path: str


@dataclass(frozen=True, slots=True)
class HouseholdRegistered(Fact):
    """A household was registered."""

    name = "registry.household_registered.v1"
    area_path: str


@dataclass(frozen=True, slots=True)
class PersonAppointed(Fact):
    """A person was given a post."""

    name = "registry.person_appointed.v1"
    post_id: int
    duty: str
    unit_id: int | None
    area_path: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class PostEnded(Fact):
    """A post ended; `on_date` is the first day without it."""

    name = "registry.post_ended.v1"
    post_id: int
    duty: str
    on_date: date


@dataclass(frozen=True, slots=True)
class PartiesRelated(Fact):
    """A person became something to a firm, a household or another person."""

    name = "registry.parties_related.v1"
    relation_id: int
    kind: str
    target: UUID
    valid_from: date


@dataclass(frozen=True, slots=True)
class RelationEnded(Fact):
    """A relation ended; `on_date` is the first day without it."""

    name = "registry.relation_ended.v1"
    relation_id: int
    kind: str
    on_date: date


@dataclass(frozen=True, slots=True)
class OfficerAssigned(Fact):
    """A firm got its officer."""

    name = "registry.officer_assigned.v1"
    person_id: UUID
    valid_from: date


@dataclass(frozen=True, slots=True)
class OfficerReleased(Fact):
    """A firm's officer no longer looks after it."""

    name = "registry.officer_released.v1"
    person_id: UUID
    on_date: date
