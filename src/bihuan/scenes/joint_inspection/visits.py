"""One visit, from approval to publication. Each step composes doors of the kernel, once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    Assurances,
    Closing,
    Grade,
    Inspection,
    NewInspection,
    NewInspectionFinding,
    OrderEffect,
    inspection_ref,
)
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Budget
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    OrganisationId,
    PersonId,
    Scope,
    UnitId,
)
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.types import (
    Answer,
    Answers,
    Assessment,
    Counted,
    Fault,
    NewAssessment,
    Version,
    VersionId,
)
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import MAY_ISSUE
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused
from bihuan.scenes.joint_inspection import library, planning
from bihuan.scenes.joint_inspection.facts import CapExempted, TaskMoved
from bihuan.scenes.joint_inspection.models import PartRow, TaskRow
from bihuan.scenes.joint_inspection.types import (
    ACT_CODE,
    MAY_APPROVE,
    MAY_EXEMPT,
    MAY_PLAN,
    PartId,
    Task,
    TaskId,
    TaskKind,
    task_ref,
)

NO_ASSURANCES = Assurances()
PUBLISH = "joint_inspection.publish"


class UnableToVisit(Refused):
    """The task cannot go on so; the words say what lacks."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What the firm has to do about one failed item, as its officer sets it."""

    grade: Grade = Grade.GENERAL
    assurances: Assurances = NO_ASSURANCES


def person_of(scope: Scope) -> PersonId:
    if scope.person_id is None:
        raise NotAllowed("Only a person does this.")
    return scope.person_id


def _locked(task_id: TaskId, scope: Scope) -> TaskRow:
    row = (
        TaskRow.objects.select_for_update(of=("self",))
        .select_related("plan", "organisation")
        .filter(pk=task_id)
        .first()
    )
    if row is None or not scope.covers(row.area_path):
        raise NotFound("There is no such task in your care.")
    return row


def _record(row: TaskRow, move: str, scope: Scope, at: datetime) -> None:
    fact = TaskMoved(
        task_ref(TaskId(row.pk)),
        number=number_of(row),
        move=move,
        kind=row.kind,
        day=row.day.isoformat(),
        area_path=row.area_path,
        organisation=str(row.organisation_id),
    )
    events.record(fact, origin=scope.origin, at=at)


def number_of(row: TaskRow) -> str:
    """Return the number by which people know a task."""
    return f"ZH-{row.day:%y%m}-{row.pk:05d}"


def draft_case_task(
    firm_id: OrganisationId,
    unit_ids: Sequence[UnitId],
    *,
    reason: str,
    scope: Scope,
    at: datetime,
    cause: str = "",
) -> TaskId:
    """Draft a visit outside the plan (个案): for a complaint, a transfer, an approved request.

    Raises:
        NotAllowed, NotFound, UnableToVisit.
    """
    if not scope.has(MAY_PLAN):
        raise NotAllowed("Your post does not plan inspections.")
    firm = registry.organisations_by_id([firm_id]).get(firm_id)
    if firm is None or not scope.covers(firm.area_path):
        raise NotFound("There is no such firm in your care.")
    if not reason.strip():
        raise UnableToVisit("Say why this firm is inspected outside the plan.", field="reason")
    today = clock.business_date(at)
    items = library.ensure_sample(at=at).by_line()
    cap = int(standards.get_standard("joint_inspection.cap", on=today).value["per_year"])
    team = planning.team_on(today)
    with transaction.atomic():
        known = TaskRow.objects.filter(cause=cause).first() if cause else None
        if known is not None:
            return TaskId(known.pk)
        units = registry.units_by_id(unit_ids)
        row = TaskRow.objects.create(
            kind=TaskKind.CASE.value,
            organisation_id=firm.id,
            area_path=firm.area_path,
            day=today + timedelta(days=7),
            team=team.label,
            lead_unit_id=planning.lead_unit(firm.area_path, units.values()).id,
            reason=reason.strip()[:500],
            cause=cause,
            drafted_by=scope.person_id,
        )
        for unit in units.values():
            held = fieldwork.list_certificates([unit.id], on=today)[: team.officers_each]
            PartRow.objects.create(
                task=row,
                unit_id=unit.id,
                line=unit.line,
                organisation_id=firm.id,
                year=row.day.year,
                wished_day=row.day,
                items=list(
                    planning.items_for(
                        (i for i in items.get(unit.line, ()) if i.holds_on(today)), firm
                    )
                ),
                officers=[c.person_id for c in held],
                cap=cap,
                ordinal=planning.next_ordinal(unit.id, firm.id, row.day.year, cap),
            )
        _record(row, "draft", scope, at)
    return TaskId(row.pk)


def exempt_part(part_id: PartId, *, reason: str, scope: Scope, at: datetime) -> TaskId:
    """Allow one department's visit above its yearly cap: a higher power, with a reason.

    Raises:
        NotAllowed, NotFound, UnableToVisit.
    """
    if not scope.has(MAY_EXEMPT):
        raise NotAllowed("Your post does not allow visits above the cap.")
    with transaction.atomic():
        part = PartRow.objects.select_for_update().filter(pk=part_id).first()
        if part is None:
            raise NotFound("There is no such task in your care.")
        task = _locked(TaskId(part.task_id), scope)
        if part.ordinal is not None or part.exempted_by is not None:
            raise UnableToVisit("This visit lies under the cap, or was allowed already.")
        if not reason.strip():
            raise UnableToVisit("Say why the cap does not hold here.", field="reason")
        part.exemption, part.exempted_by = reason.strip()[:300], person_of(scope)
        part.save(update_fields=["exemption", "exempted_by"])
        fact = CapExempted(
            task_ref(TaskId(task.pk)),
            unit=part.unit_id,
            organisation=str(part.organisation_id),
            year=part.year,
        )
        events.record(fact, origin=scope.origin, at=at)
    return TaskId(task.pk)


def approve_task(task_id: TaskId, *, scope: Scope, at: datetime) -> TaskId:
    """Approve a visit and issue its code. Without a code nothing can begin.

    Raises:
        NotAllowed, NotFound, UnableToVisit.
    """
    if not scope.has(MAY_APPROVE):
        raise NotAllowed("Your post does not approve inspections.")
    with transaction.atomic():
        row = _locked(task_id, scope)
        if row.approved_at is not None:
            return task_id
        if row.drafted_by == person_of(scope):
            raise UnableToVisit("Who drafted this does not approve it. Let another person.")
        if row.plan is not None and row.plan.published_at is None:
            raise UnableToVisit("The plan is not published yet.", code="not_published")
        if row.parts.filter(ordinal__isnull=True, exempted_by__isnull=True).exists():
            raise UnableToVisit(
                "The yearly cap of a department at this firm is reached. A higher power has to"
                " allow it first, with a reason.",
                code="cap_reached",
            )
        issuer = registry.system_scope("joint_inspection", (MAY_ISSUE,))
        row.code_id = codes.issue_code(ACT_CODE, subject=task_ref(task_id), scope=issuer, at=at)
        row.approved_by, row.approved_at = person_of(scope), at
        row.save()
        _record(row, "approve", scope, at)
    return task_id


def notify_firm(task_id: TaskId, *, unannounced: str = "", scope: Scope, at: datetime) -> TaskId:
    """Give notice to the firm, or note why it comes unannounced.

    Raises:
        NotAllowed, NotFound, UnableToVisit.
    """
    if not scope.has(MAY_APPROVE):
        raise NotAllowed("Your post does not approve inspections.")
    with transaction.atomic():
        row = _locked(task_id, scope)
        if row.approved_at is None:
            raise UnableToVisit("Approve it first.", code="not_approved")
        if row.notified_at is not None or row.unannounced:
            return task_id
        if unannounced.strip():
            row.unannounced = unannounced.strip()[:300]
        else:
            row.notified_at = at
        row.save()
        _record(row, "go_unannounced" if row.unannounced else "notify", scope, at)
    return task_id


def start(
    task_id: TaskId,
    new: NewInspection,
    *,
    assistants: Mapping[PersonId, UnitId] | None = None,
    scope: Scope,
    at: datetime,
) -> Inspection:
    """Begin at the firm: approved, announced (or with the reason why not), code, place, officers.

    Raises:
        NotAllowed, NotFound, UnableToVisit, UnableToInspect.
    """
    with transaction.atomic():
        row = _locked(task_id, scope)
        if row.approved_at is None:
            raise UnableToVisit("This visit is not approved. Nothing begins.", code="not_approved")
        if row.notified_at is None and not row.unannounced:
            raise UnableToVisit("The firm was not told yet.", code="not_notified")
        units = [
            (PersonId(p), UnitId(part.unit_id)) for part in row.parts.all() for p in part.officers
        ]
        given = replace(
            new, approval=task_ref(task_id), organisation_id=OrganisationId(row.organisation_id)
        )
        seen = fieldwork.start_inspection(
            given, units=[*units, *(assistants or {}).items()], scope=scope, at=at
        )
        if row.started_at is None:
            row.inspection_id, row.started_at = seen.id, at
            row.save()
            _record(row, "start", scope, at)
    return seen


def items_to_ask(task: Task, seen: Inspection) -> tuple[str, ...]:
    """Return the items of the departments of which an officer is there; no item twice."""
    there = seen.units()
    codes_of = (code for p in task.parts if p.unit_id in there for code in p.items)
    return tuple(dict.fromkeys(codes_of))


def sheet_version(task: Task, seen: Inspection, version: Version) -> Version:
    """Return the checklist cut to what this visit asks; an item not published is not in it."""
    asked = set(items_to_ask(task, seen))
    items = tuple(item for item in version.definition.items if item.code in asked)
    return replace(version, definition=replace(version.definition, items=items))


def assessment_id_of(inspection_id: UUID) -> UUID:
    """Return the id under which the one form of an inspection is kept."""
    return uuid.uuid5(inspection_id, "items")


def record_items(
    task: Task, seen: Inspection, version_id: int, answers: Answers, *, scope: Scope, at: datetime
) -> Assessment:
    """Keep the one form: each asked item answered once, nothing else answered.

    Raises:
        NotAllowed: the asker takes no part.
        UnableToRecordAssessment: an item lacks its answer or its words.
        Mismatch: it was sent before with other answers.
    """
    if scope.person_id not in {p.person_id for p in seen.people}:
        raise NotAllowed("Only who takes part in this inspection keeps its record.")
    version = assessments.get_version(VersionId(version_id))
    if version.code != library.CHECKLIST:
        raise UnableToVisit("This is not the form of the joint inspection. Open it afresh.")
    asked = sheet_version(task, seen, version).definition.items
    kept = {item.code: answers.get(item.code, Answer()) for item in asked}
    faults = tuple(Fault(code, "lacking") for code, answer in kept.items() if not answer.value)
    if faults:
        refusal = assessments.UnableToRecordAssessment(
            "%(count)s items need an answer or a photo. They are marked.",
            field=faults[0].item,
            count=len(faults),
        )
        refusal.faults = faults
        raise refusal
    new = NewAssessment(
        id=assessment_id_of(seen.id),
        version_id=version.id,
        subject=inspection_ref(seen.id),
        area_path=task.area_path,
        answers=kept,
    )
    return assessments.record_assessment(new, scope=scope, at=at)


def failed_items(made: Assessment) -> tuple[Counted, ...]:
    """Return what failed; passed, waived and unseen items are none."""
    return made.result.failed() if made.result else ()


def close(
    task: Task,
    seen: Inspection,
    closing: Closing,
    mended: Mapping[str, Mended],
    *,
    scope: Scope,
    at: datetime,
) -> Inspection:
    """Record what failed, each once for the department whose item it is, and close the record.

    Raises:
        NotAllowed, NotFound, UnableToVisit, UnableToInspect.
    """
    with transaction.atomic():
        row = _locked(task.id, scope)
        if row.closed_at is not None:
            return fieldwork.close_inspection(seen.id, closing, scope=scope, at=at)
        try:
            made = assessments.get_assessment(assessment_id_of(seen.id), scope=scope)
        except NotFound as error:
            raise UnableToVisit("Fill in the form first.", code="no_form") from error
        found = [_finding(task, seen, c, mended, at) for c in failed_items(made)]
        fieldwork.record_inspection_findings(seen.id, found, scope=scope, at=at)
        closed = fieldwork.close_inspection(seen.id, closing, scope=scope, at=at)
        row.closed_at = at
        row.save()
        _record(row, "close", scope, at)
    return closed


def default_due(at: datetime) -> date:
    """Return by when a general item is put in order, if the officer names no other day."""
    today = clock.business_date(at)
    return today + timedelta(
        days=int(standards.get_standard("joint_inspection.rectify", on=today).value["days"])
    )


def _finding(
    task: Task, seen: Inspection, counted: Counted, mended: Mapping[str, Mended], at: datetime
) -> NewInspectionFinding:
    part = next(p for p in task.parts if counted.item in p.items)
    given = mended.get(counted.item, Mended())
    fixed = given.assurances
    if fixed.due_on is None and given.grade is Grade.GENERAL:
        fixed = replace(fixed, due_on=default_due(at))
    return NewInspectionFinding(
        finding_id=uuid.uuid5(seen.id, counted.item),
        item=counted.item,
        line=part.line,
        unit_id=part.unit_id,
        text=counted.answer.note.strip(),
        effect=OrderEffect.ORDER,
        grade=given.grade,
        assurances=fixed,
        photos=counted.answer.photos,
    )


def tell_result(task_id: TaskId, *, scope: Scope, at: datetime) -> TaskId:
    """Tell the firm the result; from here the days to publication are counted.

    Raises:
        NotAllowed, NotFound, UnableToVisit.
    """
    if not scope.has(MAY_APPROVE):
        raise NotAllowed("Your post does not approve inspections.")
    with transaction.atomic():
        row = _locked(task_id, scope)
        if row.closed_at is None:
            raise UnableToVisit("The record on the spot is not closed yet.", code="not_closed")
        if row.told_at is None:
            row.told_at = at
            row.save()
            value = standards.get_standard(
                "joint_inspection.publish", on=clock.business_date(at)
            ).value
            clocks.start_timer(
                subject=task_ref(task_id),
                name=PUBLISH,
                budget=Budget.from_value(value),
                at=at,
                origin=scope.origin,
            )
            _record(row, "tell", scope, at)
    return task_id


def publish_result(task_id: TaskId, *, scope: Scope, at: datetime) -> TaskId:
    """Publish the result and stop the clock.

    Raises:
        NotAllowed, NotFound, UnableToVisit.
    """
    if not scope.has(MAY_APPROVE):
        raise NotAllowed("Your post does not approve inspections.")
    with transaction.atomic():
        row = _locked(task_id, scope)
        if row.told_at is None:
            raise UnableToVisit("Tell the firm the result first.", code="not_told")
        if row.published_at is None:
            row.published_at = at
            row.save()
            for timer in clocks.list_timers([task_ref(task_id)]).get(task_ref(task_id), ()):
                clocks.stop_timer(timer.id, at=at, origin=scope.origin)
            _record(row, "publish", scope, at)
    return task_id
