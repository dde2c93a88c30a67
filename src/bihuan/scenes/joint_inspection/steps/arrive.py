"""On the spot, on a tablet: scan and begin, one form for all departments, the record."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    MAY_INSPECT,
    Assurances,
    Closing,
    Grade,
    Inspection,
    NewInspection,
    Signing,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import PersonId, Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments import web as sheets
from bihuan.kernel.tools.assessments.types import Answers, Fault, Version, VersionId
from bihuan.platform import clock
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.joint_inspection import library, queries, visits
from bihuan.scenes.joint_inspection.types import Task, TaskId, task_ref
from bihuan.scenes.joint_inspection.words import line_words


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may take part: id, masked name, unit, number of the certificate."""

    id: str
    name: str
    unit: str
    certificate: str


@dataclass(frozen=True, slots=True)
class ArrivePage:
    """The scan, the place, who is there."""

    task: Task
    people: tuple[Person, ...]
    inspection_id: str
    code: str
    fault: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The one form: the items of the departments that are here; who is missing."""

    task: Task
    sheet: sheets.Sheet
    absent: tuple[str, ...]
    fault: str


@dataclass(frozen=True, slots=True)
class FailedItem:
    """An item that failed, with what was typed about it, so that a refusal loses nothing."""

    code: str
    title: str
    note: str
    due: str
    major: bool
    responsible: str
    measures: str
    funds: str
    emergency_plan: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What failed, by when, and the firm's signature."""

    task: Task
    failed: tuple[FailedItem, ...]
    fault: str


@step(power=MAY_INSPECT)
def arrive(request: StepRequest, task_id: int) -> HttpResponse:
    """Scan the firm's code and begin: place and two valid certificates."""
    task = queries.get_task(TaskId(task_id), scope=request.scope)
    if fieldwork.find_inspection(task_ref(task.id)) is not None and request.method != "POST":
        return HttpResponseRedirect(reverse("joint_inspection:form", args=[task_id]))
    if request.method != "POST":
        return _arrive_page(request, task, "")
    try:
        new = _new(request, task)
        perform_form(
            request,
            name="joint_inspection.start",
            effect=lambda scope: _begin(task, new, scope, request),
        )
    except Refused as refused:
        return _arrive_page(request, task, refused.spoken(), status=refused.status)
    return HttpResponseRedirect(reverse("joint_inspection:form", args=[task_id]), status=303)


def _begin(task: Task, new: NewInspection, scope: Scope, request: StepRequest) -> dict[str, Any]:
    return {"inspection": str(visits.start(task.id, new, scope=scope, at=request.at).id)}


def _new(request: StepRequest, task: Task) -> NewInspection:
    given = request.POST
    try:
        people = tuple(PersonId(uuid.UUID(key)) for key in given.getlist("people"))
        inspection_id = uuid.UUID(given.get("inspection_id", ""))
        place = [float(given[name]) if given.get(name) else None for name in ("lon", "lat")]
    except ValueError as error:
        raise Refused("The form is incomplete. Open it afresh.", code="form") from error
    return NewInspection(
        inspection_id=inspection_id,
        approval=task_ref(task.id),
        code_text=given.get("code", ""),
        organisation_id=task.firm_id,
        people=people,
        longitude=place[0],
        latitude=place[1],
    )


def _arrive_page(
    request: StepRequest, task: Task, fault: str, *, status: int = 200
) -> HttpResponse:
    named = [(person, part) for part in task.parts for person in part.officers]
    cards = registry.person_cards(person for person, _part in named)
    held = fieldwork.certificates_of(
        [person for person, _part in named], on=clock.business_date(request.at)
    )
    shown = ArrivePage(
        task=task,
        people=tuple(
            Person(
                str(person),
                cards[person].name,
                part.unit_name,
                held[person].number if person in held else "",
            )
            for person, part in named
        ),
        inspection_id=request.POST.get("inspection_id") or str(uuid.uuid4()),
        code=request.POST.get("code", ""),
        fault=fault,
    )
    return page(request, "joint_inspection/arrive.html", shown, status=status)


def _begun(request: StepRequest, task_id: int) -> tuple[Task, Inspection]:
    task = queries.get_task(TaskId(task_id), scope=request.scope)
    seen = fieldwork.find_inspection(task_ref(task.id))
    if seen is None:
        raise NotFound("This inspection has not begun. Scan the code at the door first.")
    return task, seen


@step(power=MAY_INSPECT)
def form(request: StepRequest, task_id: int) -> HttpResponse:
    """Show the one form for all departments; take it in, once."""
    task, seen = _begun(request, task_id)
    version = _version(request)
    if request.method != "POST":
        return _form_page(request, task, seen, version, {})
    cut = visits.sheet_version(task, seen, version)
    answers: Answers = {}
    try:
        answers = sheets.read_answers(cut, request, at=request.at)
        perform_form(
            request,
            name="joint_inspection.form",
            effect=lambda scope: _keep(task, seen, version, answers, scope, request),
        )
    except assessments.UnableToRecordAssessment as refused:
        return _form_page(
            request, task, seen, version, answers, refused.faults, refused.spoken(), status=422
        )
    except Refused as refused:
        return _form_page(
            request, task, seen, version, answers, (), refused.spoken(), status=refused.status
        )
    return HttpResponseRedirect(reverse("joint_inspection:record", args=[task_id]), status=303)


def _keep(
    task: Task,
    seen: Inspection,
    version: Version,
    answers: Answers,
    scope: Scope,
    request: StepRequest,
) -> dict[str, Any]:
    made = visits.record_items(task, seen, version.id, answers, scope=scope, at=request.at)
    return {"failed": len(visits.failed_items(made))}


def _version(request: StepRequest) -> Version:
    """Return the version in which the form was drawn, or the one of today."""
    drawn = request.POST.get("version_id", "")
    if drawn.isdecimal() and len(drawn) < 12:
        return assessments.get_version(VersionId(int(drawn)))
    return assessments.get_offered(library.CHECKLIST, on=clock.business_date(request.at))


def _form_page(
    request: StepRequest,
    task: Task,
    seen: Inspection,
    version: Version,
    answers: Answers,
    faults: tuple[Fault, ...] = (),
    fault: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    there = seen.units()
    shown = FormPage(
        task=task,
        sheet=sheets.sheet_of(visits.sheet_version(task, seen, version), answers, faults),
        absent=tuple(line_words(p.line) for p in task.parts if p.unit_id not in there),
        fault=fault,
    )
    return page(request, "joint_inspection/form.html", shown, status=status)


@step(power=MAY_INSPECT)
def record(request: StepRequest, task_id: int) -> HttpResponse:
    """Say by when each failed item is put in order; let the firm sign, or note its refusal."""
    task, seen = _begun(request, task_id)
    if request.method != "POST":
        return _record_page(request, task, seen, "")
    try:
        closing, mended = _closing(request), _mended(request)
        perform_form(
            request,
            name="joint_inspection.record",
            effect=lambda scope: _close(task, seen, closing, mended, scope, request),
        )
    except Refused as refused:
        return _record_page(request, task, seen, refused.spoken(), status=refused.status)
    return HttpResponseRedirect(reverse("joint_inspection:task", args=[task_id]), status=303)


def _close(
    task: Task,
    seen: Inspection,
    closing: Closing,
    mended: dict[str, visits.Mended],
    scope: Scope,
    request: StepRequest,
) -> dict[str, Any]:
    done = visits.close(task, seen, closing, mended, scope=scope, at=request.at)
    return {"inspection": str(done.id)}


def _closing(request: StepRequest) -> Closing:
    given = request.POST
    if given.get("refusal", "").strip():
        return Closing(Signing.REFUSED, refusal=given["refusal"], words=given.get("words", ""))
    files = request.FILES.getlist("signature")
    kept = case_web.receive_photos(files[:1], at=request.at) if files else ()
    return Closing(
        Signing.SIGNED,
        name=given.get("name", ""),
        signature=kept[0] if kept else "",
        words=given.get("words", ""),
    )


def _mended(request: StepRequest) -> dict[str, visits.Mended]:
    given = request.POST
    codes = [key[2:] for key in given if key.startswith("d-")]
    return {
        code: visits.Mended(
            grade=Grade.MAJOR if given.get(f"g-{code}") == "major" else Grade.GENERAL,
            assurances=Assurances(
                responsible=given.get(f"r-{code}", ""),
                measures=given.get(f"m-{code}", ""),
                funds=given.get(f"f-{code}", ""),
                due_on=_day(given.get(f"d-{code}", "")),
                emergency_plan=given.get(f"e-{code}", ""),
            ),
        )
        for code in codes
    }


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError as error:
        raise Refused("Write the day as 2026-07-01.", code="day") from error


def _record_page(
    request: StepRequest, task: Task, seen: Inspection, fault: str, *, status: int = 200
) -> HttpResponse:
    failed: tuple[FailedItem, ...] = ()
    due = visits.default_due(request.at).isoformat()
    try:
        made = assessments.get_assessment(visits.assessment_id_of(seen.id), scope=request.scope)
    except NotFound:
        fault = fault or _("Fill in the form first.")
    else:
        titles = {item.code: item.text for item in made.version.definition.items}
        failed = tuple(
            _failed_item(request, c.item, titles[c.item], c.answer.note, due)
            for c in visits.failed_items(made)
        )
    shown = RecordPage(task, failed, fault)
    return page(request, "joint_inspection/record.html", shown, status=status)


def _failed_item(request: StepRequest, code: str, title: str, note: str, due: str) -> FailedItem:
    given = request.POST
    return FailedItem(
        code=code,
        title=title,
        note=note,
        due=given.get(f"d-{code}", due),
        major=given.get(f"g-{code}") == "major",
        responsible=given.get(f"r-{code}", ""),
        measures=given.get(f"m-{code}", ""),
        funds=given.get(f"f-{code}", ""),
        emergency_plan=given.get(f"e-{code}", ""),
    )
