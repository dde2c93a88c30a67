"""What this story announces. Payloads hold ids and codes, no personal text."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class PlanMoved(Fact):
    """A year's plan was drafted, reviewed in law, or published."""

    name = "joint_inspection.plan_moved.v1"
    year: int
    area_path: str
    move: str
    before: int
    after: int
    pool_hash: str


@dataclass(frozen=True, slots=True)
class TaskMoved(Fact):
    """A task came a step further: drafted, approved, notified, started, closed, told, published."""

    name = "joint_inspection.task_moved.v1"
    number: str
    move: str
    kind: str
    day: str
    area_path: str
    organisation: str


@dataclass(frozen=True, slots=True)
class CapExempted(Fact):
    """A visit above the yearly cap was allowed, by a higher power and with a reason."""

    name = "joint_inspection.cap_exempted.v1"
    unit: int
    organisation: str
    year: int


@dataclass(frozen=True, slots=True)
class VisitRated(Fact):
    """A firm said how an inspection was."""

    name = "joint_inspection.visit_rated.v1"
    rating: str
    area_path: str
