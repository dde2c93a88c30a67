"""Administrative inspections: begun by a code at the firm, by two officers with certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from bihuan.kernel.affairs.fieldwork.facts import (
    CertificateEntered,
    InspectionClosed,
    InspectionFindingRecorded,
    InspectionStarted,
)
from bihuan.kernel.affairs.fieldwork.models import (
    CertificateRow,
    InspectionFindingRow,
    InspectionOfficerRow,
    InspectionRecordRow,
    InspectionRow,
)
from bihuan.kernel.affairs.fieldwork.queries.inspections import (
    certificates_of,
    to_certificate,
    to_inspection,
    to_inspection_finding,
)
from bihuan.kernel.affairs.fieldwork.rules import metres_between
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    INSPECTION,
    LEAST_OFFICERS,
    MAY_CERTIFY,
    MAY_INSPECT,
    Attendance,
    Attending,
    Certificate,
    Closing,
    FurtherRecord,
    Grade,
    Inspection,
    InspectionFinding,
    NewCertificate,
    NewInspection,
    NewInspectionFinding,
    OrderEffect,
    RecordKind,
    Signing,
    inspection_finding_ref,
    inspection_ref,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    Organisation,
    PersonId,
    Scope,
    UnitId,
    organisation_ref,
    person_ref,
)
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import Verdict
from bihuan.kernel.tools.documents import api as documents
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused

Point = tuple[float, float]


class UnableToInspect(Refused):
    """The inspection may not begin, go on or end so; the words say what lacks."""


def person_of(scope: Scope) -> PersonId:
    """Return who asks.

    Raises:
        NotAllowed: nobody in person does.
    """
    if scope.person_id is None:
        raise NotAllowed("Only a person does this.")
    return scope.person_id


def enter_certificate(new: NewCertificate, *, scope: Scope, at: datetime) -> Certificate:
    """Enter an officer's certificate; the same one again changes nothing.

    Raises:
        NotAllowed: the scope may not.
        UnableToInspect: it has no number, or ends before it begins.
    """
    if not scope.has(MAY_CERTIFY):
        raise NotAllowed("Your post does not enter certificates.")
    if not new.number.strip() or (new.valid_to is not None and new.valid_to <= new.valid_from):
        raise UnableToInspect("A certificate has a number, and ends after it begins.")
    with transaction.atomic():
        row, created = CertificateRow.objects.get_or_create(
            number=new.number.strip(),
            person_id=new.person_id,
            unit_id=new.unit_id,
            valid_from=new.valid_from,
            valid_to=new.valid_to,
        )
        if created:
            fact = CertificateEntered(
                person_ref(new.person_id),
                person=str(new.person_id),
                unit=new.unit_id,
                number=row.number,
            )
            events.record(fact, origin=scope.origin, at=at)
    return to_certificate(row)


def start_inspection(
    new: NewInspection, *, units: Sequence[tuple[PersonId, UnitId]], scope: Scope, at: datetime
) -> Inspection:
    """Begin an approved inspection: the firm's code, the place, two officers with certificates.

    `units` says for which unit each of the people takes part. Who has no certificate that holds
    today takes part as an assistant. The caller answers for the approval; that there is one, and
    that it is used once, the database holds.

    Raises:
        NotAllowed: the scope does not inspect there.
        UnableToInspect: the code is not this firm's, the place is far, or officers lack.
    """
    firm = registry.organisations_by_id([new.organisation_id]).get(new.organisation_id)
    if not scope.has(MAY_INSPECT) or firm is None or not scope.covers(firm.area_path):
        raise NotAllowed("Your post does not inspect here.")
    with transaction.atomic():
        again = InspectionRow.objects.filter(pk=new.inspection_id).first()
        if again is not None:
            return _again(again, scope)
        if InspectionRow.objects.filter(
            approval_kind=new.approval.kind, approval_key=new.approval.key
        ).exists():
            raise UnableToInspect("This inspection was begun already, on another tablet.")
        code_id = _code_of(new, at)
        place = _place(new)
        metres = _distance(place, firm, clock.business_date(at))
        people = _people(new, units, scope, clock.business_date(at))
        row = _begin(new, firm, code_id, place, metres, scope, at)
        InspectionOfficerRow.objects.bulk_create(_officer_rows(row, people))
        fact = InspectionStarted(
            inspection_ref(row.pk),
            approval=str(new.approval),
            organisation=str(firm.id),
            area_path=firm.area_path,
            officers=sum(p.attendance is Attendance.OFFICER for p in people),
            distance_m=-1 if metres is None else metres,
        )
        events.record(fact, origin=scope.origin, at=at)
    return to_inspection(row)


def _again(row: InspectionRow, scope: Scope) -> Inspection:
    if row.person_id != scope.person_id:
        raise NotAllowed("This inspection was begun by somebody else.", code="other_person")
    return to_inspection(row, repeated=True)


def _code_of(new: NewInspection, at: datetime) -> int:
    """Return the code that was scanned; only the firm's own begins an inspection."""
    text = new.code_text.strip().rstrip("/").rsplit("/", 1)[-1]
    checked = codes.check_code(text, at=at) if text else None
    if checked is None or checked.verdict is not Verdict.VALID:
        raise UnableToInspect(
            "Scan the code at the firm's door first. Without a code no inspection begins.",
            code="no_code",
            field="code",
        )
    if checked.subject != organisation_ref(new.organisation_id):
        raise UnableToInspect(
            "This is the code of another firm. You stand at another door, or chose another task.",
            code="other_firm",
            field="code",
        )
    return int(text.split(".", 1)[0])


def _place(new: NewInspection) -> Point:
    if new.longitude is None or new.latitude is None:
        raise UnableToInspect(
            "The tablet does not know where it is. Switch its place on and scan again.",
            code="no_place",
            field="place",
        )
    return new.longitude, new.latitude


def _distance(place: Point, firm: Organisation, on: date) -> int | None:
    if firm.longitude is None or firm.latitude is None:
        return None
    metres = metres_between(place, (firm.longitude, firm.latitude))
    most = int(standards.get_standard("fieldwork.inspection_radius", on=on).value["metres"])
    if metres > most:
        raise UnableToInspect(
            "The tablet is %(metres)s m from the firm; %(most)s m are allowed. Scan at the door;"
            " if the firm has moved, have its place mended first.",
            code="far_away",
            field="place",
            metres=f"{metres:,}",
            most=most,
        )
    return metres


def _people(
    new: NewInspection, units: Sequence[tuple[PersonId, UnitId]], scope: Scope, on: date
) -> tuple[Attending, ...]:
    unit_of = dict(units)
    held = certificates_of(new.people, on=on)
    people = []
    for person in dict.fromkeys(new.people):
        unit = unit_of.get(person)
        if unit is None:
            raise UnableToInspect("Somebody is not named in the approved task.", code="stranger")
        own = held.get(person)
        if own is None or own.unit_id != unit:
            people.append(Attending(person, unit, Attendance.ASSISTANT))
        else:
            people.append(Attending(person, unit, Attendance.OFFICER, own.id, own.number))
    leading = {p.person_id for p in people if p.attendance is Attendance.OFFICER}
    if scope.person_id not in leading:
        raise UnableToInspect(
            "You have no certificate that holds today: you may assist, not lead. Let an officer"
            " with a certificate begin.",
            code="no_certificate",
            field="people",
        )
    if len(leading) < LEAST_OFFICERS:
        raise UnableToInspect(
            "Two officers with valid certificates are needed; here is one. Call a second one.",
            code="one_officer",
            field="people",
        )
    return tuple(people)


def _begin(
    new: NewInspection,
    firm: Organisation,
    code_id: int,
    place: Point,
    metres: int | None,
    scope: Scope,
    at: datetime,
) -> InspectionRow:
    return InspectionRow.objects.create(
        id=new.inspection_id,
        approval_kind=new.approval.kind,
        approval_key=new.approval.key,
        organisation_id=firm.id,
        area_path=firm.area_path,
        code_id=code_id,
        on_date=clock.business_date(at),
        started_at=at,
        claimed_at=new.claimed_at,
        longitude=place[0],
        latitude=place[1],
        distance_m=metres,
        person_id=person_of(scope),
        account_id=scope.origin.account_id,
    )


def _officer_rows(row: InspectionRow, people: Sequence[Attending]) -> list[InspectionOfficerRow]:
    return [
        InspectionOfficerRow(
            inspection=row,
            person_id=p.person_id,
            unit_id=p.unit_id,
            attendance=p.attendance.value,
            certificate_id=p.certificate_id,
        )
        for p in people
    ]


def _open_row(inspection_id: UUID, scope: Scope) -> InspectionRow:
    row = InspectionRow.objects.select_for_update().filter(pk=inspection_id).first()
    if row is None or not scope.covers(row.area_path):
        raise NotFound("There is no such inspection in your care.")
    taking_part = row.officers.filter(person_id=person_of(scope)).exists()
    if not scope.has(MAY_INSPECT) or not taking_part:
        raise NotAllowed("Only who takes part in this inspection keeps its record.")
    return row


def _require_open(row: InspectionRow) -> None:
    if row.closed_at is not None:
        raise UnableToInspect("The record is signed and closed. Nothing is added to it.")


def record_inspection_findings(
    inspection_id: UUID, findings: Sequence[NewInspectionFinding], *, scope: Scope, at: datetime
) -> tuple[InspectionFinding, ...]:
    """Record what failed; each finding once, by an officer of the department whose item it is.

    Raises:
        NotFound, NotAllowed: no such inspection, or the asker takes no part in it.
        UnableToInspect: a finding lacks a day or an assurance, or nobody of its unit is there.
    """
    with transaction.atomic():
        row = _open_row(inspection_id, scope)
        for new in findings:
            _require_whole(new)
        known = {f.pk for f in row.findings.all()}
        if any(new.finding_id not in known for new in findings):
            _require_open(row)
        return tuple(_finding(row, new, scope=scope, at=at) for new in findings)


def _require_whole(new: NewInspectionFinding) -> None:
    if not new.text.strip():
        raise UnableToInspect("Say in one sentence what is not in order.", field=new.item)
    if new.effect is OrderEffect.ORDER and new.assurances.due_on is None:
        raise UnableToInspect("An order names the day by which it is done.", field=new.item)
    if new.grade is Grade.MAJOR:
        if new.effect is not OrderEffect.ORDER:
            raise UnableToInspect("A major hazard is ordered away, not advised.", field=new.item)
        if new.assurances.lacking():
            raise UnableToInspect(
                "A major hazard needs all five: who, how, money, by when, what if.",
                code="five_assurances",
                field=new.item,
            )


def _finding(
    row: InspectionRow, new: NewInspectionFinding, *, scope: Scope, at: datetime
) -> InspectionFinding:
    officers = row.officers.filter(unit_id=new.unit_id, attendance=Attendance.OFFICER.value)
    officer = officers.filter(person_id=person_of(scope)).first() or officers.order_by("pk").first()
    if officer is None:
        raise UnableToInspect(
            "Nobody of this department is here with a certificate; its items wait.",
            code="no_officer",
            field=new.item,
        )
    fixed = new.assurances
    kept, created = InspectionFindingRow.objects.get_or_create(
        id=new.finding_id,
        defaults={
            "inspection": row,
            "officer": officer,
            "unit_id": new.unit_id,
            "item": new.item,
            "line": new.line,
            "text": new.text.strip(),
            "effect": new.effect.value,
            "grade": new.grade.value,
            "responsible": fixed.responsible.strip(),
            "measures": fixed.measures.strip(),
            "funds": fixed.funds.strip(),
            "due_on": fixed.due_on,
            "emergency_plan": fixed.emergency_plan.strip(),
            "photos": list(new.photos),
            "at": at,
        },
    )
    finding = to_inspection_finding(kept, repeated=not created)
    if created:
        _follow(finding, scope=scope, at=at)
    return finding


def _follow(finding: InspectionFinding, *, scope: Scope, at: datetime) -> None:
    for digest in finding.photos:
        ref = inspection_finding_ref(finding.id)
        documents.attach(subject=ref, digest=digest, kind="before", scope=scope, at=at)
    fact = InspectionFindingRecorded(
        inspection_finding_ref(finding.id),
        inspection=str(finding.inspection_id),
        item=finding.item,
        line=finding.line,
        effect=finding.effect.value,
        grade=finding.grade.value,
        area_path=finding.area_path,
        organisation=str(finding.organisation_id),
    )
    events.record(fact, origin=scope.origin, at=at)


def add_record(
    inspection_id: UUID,
    *,
    record_id: UUID,
    kind: RecordKind,
    words: str,
    scope: Scope,
    at: datetime,
) -> FurtherRecord:
    """Add a sampling, survey or enquiry record, once.

    Raises:
        NotFound, NotAllowed, UnableToInspect.
    """
    with transaction.atomic():
        row = _open_row(inspection_id, scope)
        known = row.records.filter(pk=record_id).first()
        if known is None:
            _require_open(row)
            if not words.strip():
                raise UnableToInspect("Write down what was done or said.", field="words")
            known = InspectionRecordRow.objects.create(
                id=record_id,
                inspection=row,
                kind=kind.value,
                words=words.strip(),
                person_id=person_of(scope),
                at=at,
            )
    return FurtherRecord(known.pk, RecordKind(known.kind), known.words, known.at)


def close_inspection(
    inspection_id: UUID, closing: Closing, *, scope: Scope, at: datetime
) -> Inspection:
    """Close the record: signed on glass, or refused with the reason noted. Once.

    Raises:
        NotFound, NotAllowed, UnableToInspect.
    """
    with transaction.atomic():
        row = _open_row(inspection_id, scope)
        if row.closed_at is not None:
            return to_inspection(row, repeated=True)
        signed = closing.signing is Signing.SIGNED
        if signed and not (closing.signature and closing.name.strip()):
            raise UnableToInspect(
                "Let the firm sign, and write down who signs. If it refuses, note why.",
                code="no_signature",
                field="signature",
            )
        if not signed and not closing.refusal.strip():
            raise UnableToInspect(
                "Write down why the firm does not sign, and who saw it.",
                code="no_refusal",
                field="refusal",
            )
        row.closed_at, row.signing = at, closing.signing.value
        row.words = closing.words.strip()
        row.signed_name = closing.name.strip()[:40] if signed else ""
        row.signature = closing.signature if signed else ""
        row.refusal = "" if signed else closing.refusal.strip()[:300]
        row.save()
        if signed:
            ref = Ref(INSPECTION, str(row.pk))
            documents.attach(
                subject=ref, digest=closing.signature, kind="scene", scope=scope, at=at
            )
        fact = InspectionClosed(
            inspection_ref(row.pk),
            approval=f"{row.approval_kind}:{row.approval_key}",
            organisation=str(row.organisation_id),
            area_path=row.area_path,
            signing=row.signing,
            findings=row.findings.count(),
        )
        events.record(fact, origin=scope.origin, at=at)
    return to_inspection(row)
