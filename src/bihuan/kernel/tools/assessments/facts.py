"""What this room announces. Codes and numbers only; of sensitive instruments not even a total."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class VersionPublished(Fact):
    """A version may be filled in from a day on."""

    name = "assessments.version_published.v1"
    instrument: str
    number: int
    content_hash: str
    valid_from: str


@dataclass(frozen=True, slots=True)
class VersionWithdrawn(Fact):
    """A version is offered no longer; answers that were given by it are kept."""

    name = "assessments.version_withdrawn.v1"
    instrument: str
    number: int


@dataclass(frozen=True, slots=True)
class AssessmentRecorded(Fact):
    """Somebody filled one in."""

    name = "assessments.assessment_recorded.v1"
    instrument: str
    number: int
    area_path: str
    about: str
    failed: int
    total: int | None
    band: str
    version_was_withdrawn: bool


@dataclass(frozen=True, slots=True)
class ItemFailed(Fact):
    """One item of a checklist failed. Its subject is the assessment's item: one matter at most."""

    name = "assessments.item_failed.v1"
    instrument: str
    number: int
    area_path: str
    about: str
    assessment: str
    item: str


@dataclass(frozen=True, slots=True)
class AlertRaised(Fact):
    """Somebody must act at once; the process declared for this alert begins."""

    name = "assessments.alert_raised.v1"
    instrument: str
    number: int
    area_path: str
    about: str
    alert: str
