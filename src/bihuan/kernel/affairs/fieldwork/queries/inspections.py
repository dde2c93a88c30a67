"""Reading certificates, inspections, their findings and records, and wishes for inspections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from bihuan.kernel.affairs.fieldwork.models import (
    CertificateRow,
    FindingRow,
    InspectionFindingRow,
    InspectionOfficerRow,
    InspectionRecordRow,
    InspectionRequestRow,
    InspectionRow,
)
from bihuan.kernel.affairs.fieldwork.queries.visits import to_finding
from bihuan.kernel.affairs.fieldwork.types import Finding
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    Assurances,
    Attendance,
    Attending,
    Certificate,
    CertificateId,
    FurtherRecord,
    Grade,
    Inspection,
    InspectionFinding,
    InspectionRequest,
    OrderEffect,
    RecordKind,
    RequestState,
    Signing,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, PersonId, Scope, UnitId
from bihuan.platform.web.errors import NotFound


def to_certificate(row: CertificateRow) -> Certificate:
    """Return the row as a value."""
    return Certificate(
        id=CertificateId(row.pk),
        person_id=PersonId(row.person_id),
        unit_id=UnitId(row.unit_id),
        number=row.number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def list_certificates(
    unit_ids: Iterable[UnitId], *, on: date | None = None
) -> tuple[Certificate, ...]:
    """Return the certificates of units, or those of them that hold on a day, by number."""
    rows = CertificateRow.objects.filter(unit_id__in=list(unit_ids))
    if on is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    return tuple(to_certificate(row) for row in rows.order_by("number", "pk"))


def certificates_of(person_ids: Iterable[PersonId], *, on: date) -> dict[PersonId, Certificate]:
    """Return the certificate that each person holds on a day; who has none is left out."""
    rows = CertificateRow.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        person_id__in=list(person_ids),
        valid_from__lte=on,
    )
    return {PersonId(row.person_id): to_certificate(row) for row in rows.order_by("-pk")}


def to_inspection(row: InspectionRow, *, repeated: bool = False) -> Inspection:
    """Return the row with who took part as a value."""
    people = row.officers.select_related("certificate").order_by("pk")
    return Inspection(
        id=row.pk,
        approval=Ref(row.approval_kind, row.approval_key),
        organisation_id=OrganisationId(row.organisation_id),
        area_path=AreaPath(row.area_path),
        started_at=row.started_at,
        distance_m=row.distance_m,
        people=tuple(_attending(person) for person in people),
        closed_at=row.closed_at,
        signing=Signing(row.signing) if row.signing else None,
        signed_name=row.signed_name,
        refusal=row.refusal,
        signature=row.signature,
        words=row.words,
        repeated=repeated,
    )


def _attending(row: InspectionOfficerRow) -> Attending:
    held = row.certificate
    return Attending(
        person_id=PersonId(row.person_id),
        unit_id=UnitId(row.unit_id),
        attendance=Attendance(row.attendance),
        certificate_id=CertificateId(held.pk) if held else None,
        certificate_number=held.number if held else "",
    )


def find_inspection(approval: Ref) -> Inspection | None:
    """Return the inspection that was made by an approval, or None."""
    row = InspectionRow.objects.filter(
        approval_kind=approval.kind, approval_key=approval.key
    ).first()
    return to_inspection(row) if row else None


def to_inspection_finding(
    row: InspectionFindingRow, *, repeated: bool = False
) -> InspectionFinding:
    """Return the row as a value."""
    seen = row.inspection
    return InspectionFinding(
        id=row.pk,
        inspection_id=seen.pk,
        item=row.item,
        line=row.line,
        unit_id=UnitId(row.unit_id),
        text=row.text,
        effect=OrderEffect(row.effect),
        grade=Grade(row.grade),
        assurances=Assurances(
            row.responsible, row.measures, row.funds, row.due_on, row.emergency_plan
        ),
        organisation_id=OrganisationId(seen.organisation_id),
        area_path=AreaPath(seen.area_path),
        photos=tuple(row.photos),
        found_by=PersonId(row.officer.person_id),
        at=row.at,
        repeated=repeated,
    )


def get_inspection_finding(finding_id: UUID) -> InspectionFinding:
    """Return a finding of an inspection, for whoever reacts to its fact.

    Raises:
        InspectionFindingRow.DoesNotExist: there is none.
    """
    rows = InspectionFindingRow.objects.select_related("inspection", "officer")
    return to_inspection_finding(rows.get(pk=finding_id))


def list_inspection_findings(inspection_id: UUID) -> tuple[InspectionFinding, ...]:
    """Return what an inspection found, in the order of items."""
    rows = InspectionFindingRow.objects.select_related("inspection", "officer")
    found = rows.filter(inspection_id=inspection_id).order_by("item")
    return tuple(to_inspection_finding(row) for row in found)


def list_records(inspection_id: UUID) -> tuple[FurtherRecord, ...]:
    """Return the further records of an inspection, oldest first."""
    rows = InspectionRecordRow.objects.filter(inspection_id=inspection_id).order_by("at", "pk")
    return tuple(FurtherRecord(r.pk, RecordKind(r.kind), r.words, r.at) for r in rows)


def to_request(row: InspectionRequestRow, *, repeated: bool = False) -> InspectionRequest:
    """Return the row as a value."""
    return InspectionRequest(
        id=row.pk,
        finding_id=row.finding_id,
        organisation_id=OrganisationId(row.organisation_id),
        area_path=AreaPath(row.area_path),
        unit_id=UnitId(row.unit_id),
        reason=row.reason,
        asked_by=PersonId(row.asked_by),
        asked_at=row.asked_at,
        state=RequestState(row.state),
        decided_at=row.decided_at,
        decision=row.decision,
        repeated=repeated,
    )


def get_request(request_id: UUID, *, scope: Scope) -> InspectionRequest:
    """Return a wish for an inspection to who asked and to the unit that was asked.

    Raises:
        NotFound: there is none, or none for this scope. Both sound the same.
    """
    row = InspectionRequestRow.objects.filter(_mine(scope), pk=request_id).first()
    if row is None:
        raise NotFound("There is no such request in your care.")
    return to_request(row)


def list_requests(*, scope: Scope, limit: int = 50) -> tuple[InspectionRequest, ...]:
    """Return the wishes of the asker and those to the own units: open ones first, then newest."""
    rows = InspectionRequestRow.objects.filter(_mine(scope))
    found = sorted(rows.order_by("-asked_at")[:limit], key=lambda row: row.state != "asked")
    return tuple(to_request(row) for row in found)


def _mine(scope: Scope) -> Q:
    wanted = Q(unit_id__in=list(scope.unit_ids))
    return wanted | Q(asked_by=scope.person_id) if scope.person_id else wanted


def list_own_findings(*, scope: Scope, since: datetime) -> tuple[Finding, ...]:
    """Return what the asker found at firms on patrols since a moment, the newest first."""
    rows = FindingRow.objects.select_related("visit").filter(
        visit__person_id=scope.person_id,
        visit__organisation_id__isnull=False,
        visit__received_at__gte=since,
    )
    return tuple(to_finding(row) for row in rows.order_by("-visit__received_at")[:50])
