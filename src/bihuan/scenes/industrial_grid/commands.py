"""What a phone may keep and send later: reporting a finding, verifying on the spot."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CaseId
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import Domain, NewPatrol, PatrolFinding, finding_ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, Scope
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform.files import store
from bihuan.platform.web.errors import Refused

MOST_PHOTOS = 9


class VisitForm(forms.Form):
    """What a phone says of a visit at which nothing was found."""

    visit_id = forms.UUIDField()
    area_code = forms.CharField(max_length=20)
    organisation = forms.UUIDField(required=False)
    note = forms.CharField(max_length=500, required=False)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    claimed_at = forms.DateTimeField(required=False)


class FindingForm(VisitForm):
    """What a phone says of a finding. A voice note may stand for the sentence."""

    finding_id = forms.UUIDField()
    domain = forms.ChoiceField(choices=[(d.value, d.value) for d in Domain])
    text = forms.CharField(max_length=1000, required=False)
    place = forms.CharField(max_length=120, required=False)
    looks_major = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a sentence or a voice note."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("text") and "text" not in self.errors and not self.data.get("voices"):
            self.add_error("text", gettext("Say in one sentence what you saw."))
        return given


class CheckForm(forms.Form):
    """What a phone says of a look on the spot."""

    visit_id = forms.UUIDField()
    case_id = forms.IntegerField(min_value=1)
    cleared = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    text = forms.CharField(max_length=1000, required=False)
    longitude = forms.FloatField(required=False)
    latitude = forms.FloatField(required=False)
    claimed_at = forms.DateTimeField(required=False)


def _read(form: forms.Form) -> dict[str, Any]:
    if form.is_valid():
        return form.cleaned_data
    field, faults = next(iter(form.errors.items()))
    raise Refused(
        "This part of the report does not hold: %(part)s. %(fault)s",
        code="payload",
        field=field,
        part=field,
        fault=str(faults[0]),
    )


def files_of(payload: dict[str, Any], scope: Scope, part: str = "photos") -> tuple[str, ...]:
    """Return the photos (or voices) that have arrived under the hashes that the phone names.

    Raises:
        Refused: one has not arrived yet; the phone sends it first and then the report again.
    """
    named = payload.get(part) or []
    if not isinstance(named, list) or len(named) > MOST_PHOTOS:
        raise Refused("At most nine photos belong to a report.", code="photos", field=part)
    kept = []
    for digest in named:
        stored = store.find_stored(account_id=scope.origin.account_id or 0, digest=str(digest))
        if stored is None:
            raise Refused(
                "The photo has not arrived. Send it again.", code="photo_missing", field=part
            )
        kept.append(stored)
    return tuple(kept)


def _patrol(given: dict[str, Any]) -> NewPatrol:
    area = registry.find_area(given["area_code"])
    if area is None:
        raise Refused("This grid is not known at the centre.", code="area", field="area_code")
    firm = given["organisation"]
    return NewPatrol(
        visit_id=given["visit_id"],
        area_path=AreaPath(area.path),
        organisation_id=OrganisationId(firm) if firm else None,
        note=given["note"],
        longitude=given["longitude"],
        latitude=given["latitude"],
        claimed_at=given["claimed_at"],
    )


def record_visit(
    payload: dict[str, Any], scope: Scope, at: datetime, command_id: UUID
) -> dict[str, Any]:
    """Record a patrol visit at which all was well."""
    visit = _patrol(_read(VisitForm(payload)))
    seen, _found = fieldwork.record_patrol(visit, scope=scope, at=at)
    return {"visit": str(seen.id), "number": str(seen.id)[:4].upper()}


def report_finding(
    payload: dict[str, Any], scope: Scope, at: datetime, command_id: UUID
) -> dict[str, Any]:
    """Record a patrol visit with one finding; the matter follows from its fact."""
    given = _read(FindingForm(payload))
    voices = files_of(payload, scope, "voices")
    finding = PatrolFinding(
        finding_id=given["finding_id"],
        domain=Domain(given["domain"]),
        text=given["text"] or gettext("Reported by voice; the note hangs on it."),
        looks_major=given["looks_major"],
        place=given["place"],
        photos=files_of(payload, scope),
    )
    _visit, found = fieldwork.record_patrol(_patrol(given), findings=[finding], scope=scope, at=at)
    for digest in voices:
        subject = finding_ref(found[0].id)
        documents.attach(subject=subject, digest=digest, kind="voice", scope=scope, at=at)
    return {"finding": str(found[0].id), "number": str(found[0].id)[:4].upper()}


def verify(payload: dict[str, Any], scope: Scope, at: datetime, command_id: UUID) -> dict[str, Any]:
    """Record a look on the spot, and close the matter or send it back to work."""
    given = _read(CheckForm(payload))
    check = cases.Check(
        visit_id=given["visit_id"],
        cleared=given["cleared"] == "yes",
        words=given["text"],
        photos=files_of(payload, scope),
        longitude=given["longitude"],
        latitude=given["latitude"],
        claimed_at=given["claimed_at"],
    )
    moved = cases.verify_case(CaseId(given["case_id"]), check, scope=scope, at=at)
    return {"number": moved.number, "state": moved.state.value}
