"""A patrol asks for an inspection outside the plan; the department decides, with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.fieldwork.facts import InspectionRequestDecided, InspectionRequested
from bihuan.kernel.affairs.fieldwork.models import FindingRow, InspectionRequestRow
from bihuan.kernel.affairs.fieldwork.queries.inspections import to_request
from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    MAY_DECIDE_REQUESTS,
    InspectionRequest,
    NewRequest,
    RequestState,
    request_ref,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import PersonId, Scope
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused


class UnableToRequest(Refused):
    """The wish, or the decision on it, does not hold."""


def request_inspection(new: NewRequest, *, scope: Scope, at: datetime) -> InspectionRequest:
    """Ask a department to inspect a firm where a patrol of one's own found something.

    Raises:
        NotAllowed: the scope does not patrol, or the finding is not its own.
        UnableToRequest: no reason, no firm, or this department was asked already.
    """
    if not scope.has(MAY_PATROL) or scope.person_id is None:
        raise NotAllowed("Your post does not patrol.")
    with transaction.atomic():
        known = InspectionRequestRow.objects.filter(pk=new.request_id).first()
        if known is not None and known.asked_by == scope.person_id:
            return to_request(known, repeated=True)
        finding = FindingRow.objects.select_related("visit").filter(pk=new.finding_id).first()
        if finding is None or finding.visit.person_id != scope.person_id:
            raise NotAllowed("You may ask for what you found yourself.")
        row = _ask(new, finding, _firm_of(new, finding), scope.person_id, at)
        fact = InspectionRequested(
            request_ref(row.pk),
            unit=row.unit_id,
            finding=str(row.finding_id),
            organisation=str(row.organisation_id),
            area_path=row.area_path,
        )
        events.record(fact, origin=scope.origin, at=at)
    return to_request(row)


def _firm_of(new: NewRequest, finding: FindingRow) -> UUID:
    if finding.visit.organisation_id is None:
        raise UnableToRequest("This finding names no firm. Only a firm can be inspected.")
    if not new.reason.strip():
        raise UnableToRequest("Say why an inspection is needed.", field="reason")
    return finding.visit.organisation_id


def _ask(
    new: NewRequest, finding: FindingRow, firm: UUID, person: PersonId, at: datetime
) -> InspectionRequestRow:
    try:
        with transaction.atomic():
            return InspectionRequestRow.objects.create(
                id=new.request_id,
                finding=finding,
                organisation_id=firm,
                area_path=finding.visit.area_path,
                unit_id=new.unit_id,
                reason=new.reason.strip()[:500],
                asked_by=person,
                asked_at=at,
            )
    except IntegrityError as error:
        raise UnableToRequest("This department was asked about it already.") from error


def decide_request(
    request_id: UUID, *, approve: bool, reason: str, scope: Scope, at: datetime
) -> InspectionRequest:
    """Approve or refuse, for one's own department, an inspection that was asked for.

    Raises:
        NotAllowed: the scope does not decide.
        NotFound: there is none for this unit.
        UnableToRequest: no reason is given, or it was decided already.
    """
    if not scope.has(MAY_DECIDE_REQUESTS) or scope.person_id is None:
        raise NotAllowed("Your post does not decide on inspections.")
    wanted = RequestState.APPROVED if approve else RequestState.REFUSED
    with transaction.atomic():
        row = (
            InspectionRequestRow.objects.select_for_update()
            .filter(pk=request_id, unit_id__in=list(scope.unit_ids))
            .first()
        )
        if row is None:
            raise NotFound("There is no such request in your care.")
        if row.decided_at is not None:
            raise UnableToRequest("This was decided already.", code="decided")
        if not reason.strip():
            raise UnableToRequest("Give the reason: who asked reads it.", field="reason")
        row.state, row.decision = wanted.value, reason.strip()[:500]
        row.decided_by, row.decided_at = scope.person_id, at
        row.save()
        fact = InspectionRequestDecided(
            request_ref(row.pk),
            unit=row.unit_id,
            approved=approve,
            organisation=str(row.organisation_id),
            area_path=row.area_path,
        )
        events.record(fact, origin=scope.origin, at=at)
    return to_request(row)
