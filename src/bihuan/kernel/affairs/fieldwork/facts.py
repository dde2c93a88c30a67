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
