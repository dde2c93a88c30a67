"""Reads of the story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from bihuan.kernel.affairs.fieldwork.types.inspections import INSPECTION
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Uncovered
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, PersonId, Scope, UnitId
from bihuan.platform.web.errors import NotFound
from bihuan.scenes.joint_inspection.models import PartRow, PlanRow, TaskRow
from bihuan.scenes.joint_inspection.types import (
    MAY_SEE,
    TASK,
    Part,
    PartId,
    Plan,
    PlanId,
    Step,
    Task,
    TaskId,
    TaskKind,
    task_ref,
)

STEPS = (
    (Step.PUBLISHED, "published_at"),
    (Step.TOLD, "told_at"),
    (Step.RECORDED, "closed_at"),
    (Step.STARTED, "started_at"),
    (Step.NOTIFIED, "notified_at"),
    (Step.APPROVED, "approved_at"),
)


@dataclass(frozen=True, slots=True)
class FirmVisit:
    """One visit in a firm's calendar."""

    id: TaskId
    number: str
    day: str
    step: Step
    units: str
    items: int
    past: bool
    rated: bool


def _tasks() -> QuerySet[TaskRow]:
    parts = Prefetch("parts", PartRow.objects.select_related("unit").order_by("pk"))
    return TaskRow.objects.select_related("organisation", "lead_unit").prefetch_related(parts)


def to_task(row: TaskRow) -> Task:
    """Return the row with its parts as a value."""
    return Task(
        id=TaskId(row.pk),
        kind=TaskKind(row.kind),
        plan_id=PlanId(row.plan_id) if row.plan_id else None,
        firm_id=OrganisationId(row.organisation_id),
        firm=row.organisation.name,
        area_path=AreaPath(row.area_path),
        day=row.day,
        team=row.team,
        reason=row.reason,
        parts=tuple(_part(part) for part in row.parts.all()),
        step=step_of(row),
        lead_unit=row.lead_unit.name,
        drafted_by=PersonId(row.drafted_by) if row.drafted_by else None,
        approved_at=row.approved_at,
        notified_at=row.notified_at,
        unannounced=row.unannounced,
        inspection_id=row.inspection_id,
        started_at=row.started_at,
        closed_at=row.closed_at,
        told_at=row.told_at,
        published_at=row.published_at,
        code_id=row.code_id,
    )


def step_of(row: TaskRow) -> Step:
    """Return how far a task has come, by its dates."""
    come = (step for step, field in STEPS if getattr(row, field) is not None)
    return next(come, Step.PLANNED)


def _part(row: PartRow) -> Part:
    return Part(
        id=PartId(row.pk),
        unit_id=UnitId(row.unit_id),
        unit_name=row.unit.name,
        line=row.line,
        items=tuple(row.items),
        officers=tuple(PersonId(p) for p in row.officers),
        ordinal=row.ordinal,
        cap=row.cap,
        exemption=row.exemption,
        exempted=row.exempted_by is not None,
    )


def _seen(scope: Scope) -> Q:
    condition = Q(pk__in=[])
    if scope.has(MAY_SEE):
        for path in scope.area_paths:
            condition |= Q(area_path__startswith=path)
    return condition


def get_task(task_id: TaskId, *, scope: Scope) -> Task:
    """Return a task in the scope's care.

    Raises:
        NotFound: there is none, or none for this scope. Both sound the same.
    """
    row = _tasks().filter(_seen(scope), pk=task_id).first()
    if row is None:
        raise NotFound("There is no such task in your care.")
    return to_task(row)


def list_tasks(
    *, scope: Scope, plan_id: PlanId | None = None, mine: bool = False, limit: int = 50
) -> tuple[Task, ...]:
    """Return tasks in the scope's care by day, of a plan or of one's own or all."""
    rows = _tasks().filter(_seen(scope))
    if plan_id is not None:
        rows = rows.filter(plan_id=plan_id)
    if mine:
        rows = rows.filter(parts__officers__contains=[scope.person_id]).distinct()
    return tuple(to_task(row) for row in rows.order_by("published_at", "day", "pk")[:limit])


def count_tasks(*, scope: Scope) -> int:
    """Return how many tasks are in the scope's care."""
    return TaskRow.objects.filter(_seen(scope)).count()


def to_plan(row: PlanRow) -> Plan:
    """Return the row as a value."""
    area = registry.find_area(row.area_path.strip("/").rsplit("/", 1)[-1])
    return Plan(
        id=PlanId(row.pk),
        year=row.year,
        area_path=AreaPath(row.area_path),
        area_name=area.name if area else "",
        seed=row.seed,
        pool_hash=row.pool_hash,
        edition=row.library.edition,
        cap=row.cap,
        window_days=row.window_days,
        firms=row.firms,
        before=row.before,
        after=row.after,
        drafted_at=row.drafted_at,
        reviewed_at=row.reviewed_at,
        opinion=row.opinion,
        published_at=row.published_at,
    )


def list_plans(*, scope: Scope) -> tuple[Plan, ...]:
    """Return the plans in the scope's care, the newest year first."""
    rows = PlanRow.objects.select_related("library").filter(_seen(scope))
    return tuple(to_plan(row) for row in rows.order_by("-year", "area_path")[:50])


def get_public_plan(plan_id: PlanId) -> Plan:
    """Return a published plan, to anybody.

    Raises:
        NotFound: there is none, or it is not published.
    """
    rows = PlanRow.objects.select_related("library")
    row = rows.filter(pk=plan_id, published_at__isnull=False).first()
    if row is None:
        raise NotFound("There is no such published plan.")
    return to_plan(row)


def draw_lines(plan_id: PlanId) -> Iterable[tuple[str, ...]]:
    """Yield what a published plan was drawn from and what was drawn, to draw it again."""
    row = PlanRow.objects.get(pk=plan_id, published_at__isnull=False)
    yield ("seed", row.seed, "", "", "")
    for unit, share in sorted(row.shares.items()):
        yield ("share", unit, str(share), "", "")
    for unit, numbers in sorted(row.certificates.items()):
        for number in numbers:
            yield ("officer", unit, number, "", "")
    for unit, keys in sorted(row.pool.items()):
        for key in keys:
            yield ("pool", unit, key, "", "")
    parts = PartRow.objects.filter(task__plan=row).select_related("unit", "task__organisation")
    for part in parts.order_by("unit__code", "wished_day", "pk"):
        firm = part.task.organisation
        key = firm.uscc or str(firm.pk)
        yield (
            "drawn",
            part.unit.code,
            key,
            part.wished_day.isoformat(),
            part.task.day.isoformat(),
        )


# -- the firm -------------------------------------------------------------------------------------


def list_firm_visits(*, scope: Scope, at: datetime) -> tuple[FirmVisit, ...]:
    """Return the calendar of the reader's firms: what was announced, and what was."""
    rows = (
        _tasks()
        .filter(organisation_id__in=list(scope.organisation_ids))
        .filter(Q(notified_at__isnull=False) | Q(started_at__isnull=False))
    )
    return tuple(_visit(row) for row in rows.select_related("feedback").order_by("-day")[:50])


def _visit(row: TaskRow) -> FirmVisit:
    task = to_task(row)
    return FirmVisit(
        id=task.id,
        number=task.number,
        day=task.day.isoformat(),
        step=task.step,
        units="、".join(part.unit_name for part in task.parts),
        items=sum(len(part.items) for part in task.parts),
        past=task.closed_at is not None,
        rated=hasattr(row, "feedback"),
    )


def get_firm_task(task_id: TaskId, *, scope: Scope) -> Task:
    """Return an announced or begun visit at one of the reader's firms.

    Raises:
        NotFound: there is none.
    """
    rows = _tasks().filter(Q(notified_at__isnull=False) | Q(started_at__isnull=False))
    row = rows.filter(pk=task_id, organisation_id__in=list(scope.organisation_ids)).first()
    if row is None:
        raise NotFound("There is no such visit at your firm.")
    return to_task(row)


def firm_panel(scope: Scope, at: datetime) -> tuple[FirmVisit, ...]:
    """Return what the start of a firm shows: the last three visits and those to come."""
    return list_firm_visits(scope=scope, at=at)[:3]


# -- what others ask ------------------------------------------------------------------------------


def may_see_papers(scope: Scope, subject: Ref) -> bool:
    """Return whether the scope may see the papers of a task."""
    if subject.kind != TASK or not subject.key.isdecimal():
        return False
    rows = TaskRow.objects.filter(pk=int(subject.key))
    own = Q(organisation_id__in=list(scope.organisation_ids), approved_at__isnull=False)
    return rows.filter(_seen(scope) | own).exists()


def may_see_evidence(scope: Scope, subject: Ref) -> bool:
    """Return whether the scope may see what was photographed or signed during an inspection."""
    if subject.kind != INSPECTION:
        return False
    return TaskRow.objects.filter(_seen(scope), inspection_id=UUID(subject.key)).exists()


def list_unpublished(*, at: datetime) -> Iterable[Uncovered]:
    """Return results that were told and whose publication nobody counts any more: none."""
    rows = list(TaskRow.objects.filter(told_at__isnull=False, published_at__isnull=True))
    timed = clocks.list_timers(task_ref(TaskId(row.pk)) for row in rows)
    for row in rows:
        ref = task_ref(TaskId(row.pk))
        if ref not in timed:
            yield Uncovered("no_clock", ref, f"ZH-{row.day:%y%m}-{row.pk:05d}")
