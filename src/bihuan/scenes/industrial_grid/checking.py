"""A checklist filled in on a patrol: one visit, one finding for each failed item, once.

The ids of the findings follow from the sender's id, so that a repeated sending changes nothing,
whether it comes from the page or from a phone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import (
    Domain,
    Finding,
    NewPatrol,
    PatrolEffect,
    PatrolFinding,
    visit_ref,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, Scope
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments import web as sheets
from bihuan.kernel.tools.assessments.types import (
    Answers,
    Assessment,
    Counted,
    InstrumentCode,
    Item,
    NewAssessment,
    Result,
    VersionId,
)
from bihuan.platform.web.errors import NotAllowed, Refused

PATROL = InstrumentCode("industrial_grid.patrol")


@dataclass(frozen=True, slots=True)
class Filled:
    """A checklist as a page or a phone sends it."""

    assessment_id: UUID
    visit_id: UUID
    version_id: VersionId
    area_path: AreaPath
    answers: Answers
    organisation_id: OrganisationId | None = None
    longitude: float | None = None
    latitude: float | None = None
    claimed_at: datetime | None = None


class FilledForm(forms.Form):
    """What a phone says of a checklist, besides its answers."""

    assessment_id = forms.UUIDField()
    visit_id = forms.UUIDField()
    version_id = forms.IntegerField(min_value=1)
    area_code = forms.CharField(max_length=20)
    organisation = forms.UUIDField(required=False)
    longitude = forms.FloatField(required=False)
    latitude = forms.FloatField(required=False)
    claimed_at = forms.DateTimeField(required=False)


def fill(filled: Filled, *, scope: Scope, at: datetime) -> tuple[Assessment, tuple[Finding, ...]]:
    """Record the answers, the visit and what it found, in one transaction.

    Raises:
        NotAllowed: the scope does not patrol there, or the firm is not there.
        UnableToRecordAssessment: answers or photos lack.
    """
    _require_patrol_list(filled.version_id)
    _require_firm(filled, scope)
    with transaction.atomic():
        made = assessments.record_assessment(
            NewAssessment(
                id=filled.assessment_id,
                version_id=filled.version_id,
                subject=visit_ref(filled.visit_id),
                area_path=filled.area_path,
                answers=filled.answers,
                claimed_at=filled.claimed_at,
            ),
            scope=scope,
            at=at,
        )
        visit = NewPatrol(
            visit_id=filled.visit_id,
            area_path=filled.area_path,
            organisation_id=filled.organisation_id,
            longitude=filled.longitude,
            latitude=filled.latitude,
            claimed_at=filled.claimed_at,
        )
        _visit, found = fieldwork.record_patrol(
            visit, findings=findings_of(made), scope=scope, at=at
        )
    return made, found


def _require_patrol_list(version_id: VersionId) -> None:
    if assessments.get_version(version_id).code != PATROL:
        raise Refused("This is not the checklist of a patrol. Open it afresh.", code="other_list")


def _require_firm(filled: Filled, scope: Scope) -> None:
    """A firm that was looked at lies in the grid in which the patrol went."""
    if filled.organisation_id is None:
        return
    firm = registry.get_organisation(filled.organisation_id, scope=scope)
    if not firm.area_path.startswith(filled.area_path):
        raise NotAllowed("This firm lies outside your grid.", code="other_grid")


def findings_of(assessment: Assessment) -> list[PatrolFinding]:
    """Return one finding for each failed item. Passed, waived and unseen items give none."""
    result, definition = assessment.result, assessment.version.definition
    if result is None:
        return []
    items = {item.code: item for item in definition.items}
    return [_finding(assessment.id, c, items[c.item], result) for c in result.failed()]


def _finding(assessment_id: UUID, counted: Counted, item: Item, result: Result) -> PatrolFinding:
    seen = item.label("finding") or item.text
    note = counted.answer.note.strip()
    return PatrolFinding(
        finding_id=uuid.uuid5(assessment_id, item.code),
        domain=_domain(item.label("domain")),
        text=f"{seen}：{note}" if note else seen,
        effect=_effect(item, result),
        looks_major=item.label("looks_major") == "yes",
        photos=counted.answer.photos,
    )


def _domain(word: str) -> Domain:
    known = {domain.value for domain in Domain}
    return Domain(word) if word in known else Domain.OTHER


def _effect(item: Item, result: Result) -> PatrolEffect:
    """Advice needs the firm's consent; without it the competent unit hears of it."""
    agreed = any(c.item == "firm_agrees" and c.answer.value == "agreed" for c in result.counted)
    if item.label("effect") == PatrolEffect.ADVICE.value and agreed:
        return PatrolEffect.ADVICE
    return PatrolEffect.REPORT


def fill_checklist(
    payload: dict[str, Any], scope: Scope, at: datetime, command_id: UUID
) -> dict[str, Any]:
    """Record a checklist that a phone has kept; its answer names the findings."""
    form = FilledForm(payload)
    if not form.is_valid():
        field, faults = next(iter(form.errors.items()))
        raise Refused(
            "This part of the report does not hold: %(part)s. %(fault)s",
            code="payload",
            field=field,
            part=field,
            fault=str(faults[0]),
        )
    given = form.cleaned_data
    area = registry.find_area(given["area_code"])
    if area is None:
        raise Refused("This grid is not known at the centre.", code="area")
    firm = given["organisation"]
    answers = sheets.answers_of_json(
        payload.get("answers"), account_id=scope.origin.account_id or 0
    )
    filled = Filled(
        assessment_id=given["assessment_id"],
        visit_id=given["visit_id"],
        version_id=VersionId(given["version_id"]),
        area_path=AreaPath(area.path),
        answers=answers,
        organisation_id=OrganisationId(firm) if firm else None,
        longitude=given["longitude"],
        latitude=given["latitude"],
        claimed_at=given["claimed_at"],
    )
    made, found = fill(filled, scope=scope, at=at)
    return {
        "assessment": str(made.id),
        "number": str(made.id)[:4].upper(),
        "findings": [str(finding.id) for finding in found],
    }
