"""Words of the story: items, plans, tasks and what may be done with them."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from bihuan.kernel.affairs.cases.types import KindCode
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import (
    AreaPath,
    DutyCode,
    OrganisationId,
    PersonId,
    Power,
    UnitId,
)

TaskId = NewType("TaskId", int)
PlanId = NewType("PlanId", int)
PartId = NewType("PartId", int)

MAY_KEEP_LIBRARY = Power("joint_inspection.keep_library")
MAY_PLAN = Power("joint_inspection.plan")
MAY_REVIEW = Power("joint_inspection.review")
"""法制审核: say whether a plan holds in law."""
MAY_APPROVE = Power("joint_inspection.approve")
MAY_EXEMPT = Power("joint_inspection.exempt")
"""Allow one inspection above the yearly cap, with a reason: a higher power than to approve."""
MAY_SEE = Power("joint_inspection.see")

PLANNER = DutyCode("inspection_planner")
REVIEWER = DutyCode("legal_reviewer")
APPROVER = DutyCode("inspection_approver")
INSPECTOR = DutyCode("inspector")
ASSISTANT = DutyCode("inspection_assistant")

RECTIFICATION = KindCode("rectification")
COMPLAINT = KindCode("inspection_complaint")
TASK = "joint_inspection.task"
PLAN = "joint_inspection.plan"
ACT_CODE = "inspection"
"""The kind of code that stands for one approved inspection (行政检查码)."""

LINES = (
    "work_safety",
    "fire",
    "labour",
    "market",
    "environment",
    "urban_management",
    "construction",
)
"""The seven domains (article S4.10). Which unit has which, the registry says."""

Progress = Callable[[int, int], None]


class TaskKind(enum.StrEnum):
    """Why a firm is visited."""

    PLAN = "plan"
    CASE = "case"
    """个案: a complaint, a transfer, a patrol's request that the department approved."""


class Step(enum.StrEnum):
    """How far a task has come, as its dates say. It is no status: nobody sets it."""

    PLANNED = "planned"
    APPROVED = "approved"
    NOTIFIED = "notified"
    STARTED = "started"
    RECORDED = "recorded"
    TOLD = "told"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that may be inspected, by whom, on what basis, and how."""

    code: str
    number: int
    line: str
    title: str
    basis: str
    basis_url: str = ""
    industries: tuple[str, ...] = ()
    """Letters of GB/T 4754 to which it applies; empty: all."""
    above_scale_only: bool = False
    method: str = ""
    criteria: str = ""
    evidence: str = ""
    hazard_hint: str = ""
    penalty: str = ""
    merge_group: str = ""
    published: bool = True
    valid_from: date | None = None
    valid_to: date | None = None

    def applies_to(self, industry: str, *, above_scale: bool) -> bool:
        """Return whether it is inspected at such a firm."""
        fits = not self.industries or industry[:1] in self.industries
        return fits and (above_scale or not self.above_scale_only)

    def holds_on(self, day: date) -> bool:
        """Return whether it is published and in force on a day. Else it may not be inspected."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.published and begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Library:
    """One edition of the list of items."""

    edition: int
    name: str
    is_sample: bool
    items: tuple[Item, ...]
    version_id: int = 0
    """The checklist that was published from it."""

    def by_line(self) -> dict[str, tuple[Item, ...]]:
        """Return the items of each line, in order."""
        return {line: tuple(i for i in self.items if i.line == line) for line in LINES}


@dataclass(frozen=True, slots=True)
class Team:
    """The template of a joint team: a label, and who leads. The county fills it (S4.08)."""

    label: str
    lines: tuple[str, ...]
    officers_each: int
    block_leads: str
    """块统: who leads on the ground, in words."""
    line_leads: str
    """条抓: who answers in each line, in words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One authority's wish to see one firm on one day: what stood in seven plans before."""

    unit: str
    firm: str
    day: date


@dataclass(frozen=True, slots=True)
class Joint:
    """One visit to one firm, for all whose days lie near enough."""

    firm: str
    day: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What planning a year came to."""

    plan_id: PlanId
    firms: int
    before: int
    after: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One department's share in a task."""

    id: PartId
    unit_id: UnitId
    unit_name: str
    line: str
    items: tuple[str, ...]
    officers: tuple[PersonId, ...]
    ordinal: int | None
    cap: int
    exemption: str = ""
    exempted: bool = False

    @property
    def over_cap(self) -> bool:
        """Return whether this visit lies above the yearly cap and nobody allowed it yet."""
        return self.ordinal is None and not self.exempted


@dataclass(frozen=True, slots=True)
class Task:
    """One visit to one firm, from plan to publication."""

    id: TaskId
    kind: TaskKind
    plan_id: PlanId | None
    firm_id: OrganisationId
    firm: str
    area_path: AreaPath
    day: date
    team: str
    reason: str
    parts: tuple[Part, ...]
    step: Step
    lead_unit: str
    drafted_by: PersonId | None = None
    approved_at: datetime | None = None
    notified_at: datetime | None = None
    unannounced: str = ""
    inspection_id: UUID | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    told_at: datetime | None = None
    published_at: datetime | None = None
    code_id: int | None = None

    @property
    def number(self) -> str:
        """Return the number that people know it by."""
        return f"ZH-{self.day:%y%m}-{self.id:05d}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's plan with its draw."""

    id: PlanId
    year: int
    area_path: AreaPath
    area_name: str
    seed: str
    pool_hash: str
    edition: int
    cap: int
    window_days: int
    firms: int
    before: int
    after: int
    drafted_at: datetime
    reviewed_at: datetime | None = None
    opinion: str = ""
    published_at: datetime | None = None


def task_ref(task_id: TaskId) -> Ref:
    """Return the pointer to a task."""
    return Ref(TASK, str(task_id))


def plan_ref(plan_id: PlanId) -> Ref:
    """Return the pointer to a plan."""
    return Ref(PLAN, str(plan_id))
