"""What this room announces. No fact holds a reason or a value: both may be personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kernel.ground.events.types import Fact

GLASS_BROKEN = "privacy.glass_broken.v1"
MANY_LOOKS = "privacy.many_looks.v1"


@dataclass(frozen=True, slots=True)
class IdentifierRevealed(Fact):
    """A clear value of the subject was shown on one screen."""

    name = "privacy.identifier_revealed.v1"
    look_id: int
    field: str
    purpose: str
    about: str


@dataclass(frozen=True, slots=True)
class GlassBroken(Fact):
    """A clear value of the subject was shown out of the asker's care, in danger."""

    name = GLASS_BROKEN
    look_id: int
    field: str
    about: str
    county: str
    duty: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class LookRefused(Fact):
    """Somebody asked for a clear value of the subject and was refused."""

    name = "privacy.look_refused.v1"
    look_id: int
    field: str
    purpose: str
    refusal: str


@dataclass(frozen=True, slots=True)
class IdentifierUsed(Fact):
    """A program used a clear value of the subject: a notice was sent."""

    name = "privacy.identifier_used.v1"
    look_id: int
    field: str
    purpose: str


@dataclass(frozen=True, slots=True)
class PeopleLookedFor(Fact):
    """Somebody looked for people by a number; the line, its subject, says who and why."""

    name = "privacy.people_looked_for.v1"
    field: str
    purpose: str
    found: int


@dataclass(frozen=True, slots=True)
class ManyLooks(Fact):
    """The subject looked at more sensitive values in a short time than the standard allows."""

    name = MANY_LOOKS
    looks: int
    minutes: int
    county: str
    look_id: int


@dataclass(frozen=True, slots=True)
class LooksExported(Fact):
    """An auditor took the lines of looks out of the house."""

    name = "privacy.looks_exported.v1"
    lines: int


@dataclass(frozen=True, slots=True)
class ConsentGiven(Fact):
    """The subject agreed to a purpose in one version of its words, or their guardian did."""

    name = "privacy.consent_given.v1"
    purpose: str
    version: int
    by: UUID


@dataclass(frozen=True, slots=True)
class MandateGiven(Fact):
    """The subject lets somebody act for them until a moment; a clerk may have written it down."""

    name = "privacy.mandate_given.v1"
    mandate_id: int
    agent: UUID
    by: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class MandateEnded(Fact):
    """Nobody acts for the subject by this mandate any more."""

    name = "privacy.mandate_ended.v1"
    mandate_id: int
    by: UUID


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Fact):
    """The subject withdrew, or their guardian did; from this moment queries by it refuse."""

    name = "privacy.consent_withdrawn.v1"
    purpose: str
    version: int
    by: UUID
