"""Reading visits and findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from bihuan.kernel.affairs.fieldwork.models import FindingRow, VisitRow
from bihuan.kernel.affairs.fieldwork.types import Domain, Finding, PatrolEffect, Visit, VisitKind
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, PersonId


def to_visit(row: VisitRow, *, repeated: bool = False) -> Visit:
    """Return the row as a value."""
    return Visit(
        id=row.pk,
        kind=VisitKind(row.kind),
        area_path=AreaPath(row.area_path),
        received_at=row.received_at,
        organisation_id=OrganisationId(row.organisation_id) if row.organisation_id else None,
        verifies=Ref(row.verifies_kind, row.verifies_key) if row.verifies_key else None,
        passed=row.passed,
        claimed_at=row.claimed_at,
        repeated=repeated,
    )


def to_finding(row: FindingRow, *, repeated: bool = False) -> Finding:
    """Return the row as a value, with the place and time of its visit."""
    visit = row.visit
    return Finding(
        id=row.pk,
        visit_id=visit.pk,
        domain=Domain(row.domain),
        text=row.text,
        effect=PatrolEffect(row.effect),
        looks_major=row.looks_major,
        place=row.place,
        area_path=AreaPath(visit.area_path),
        organisation_id=OrganisationId(visit.organisation_id) if visit.organisation_id else None,
        longitude=visit.longitude,
        latitude=visit.latitude,
        photos=tuple(row.photos),
        received_at=visit.received_at,
        claimed_at=visit.claimed_at,
        found_by=PersonId(visit.person_id) if visit.person_id else None,
        repeated=repeated,
    )


def get_finding(finding_id: UUID) -> Finding:
    """Return a finding, for whoever reacts to its fact.

    Raises:
        FindingRow.DoesNotExist: there is none.
    """
    return to_finding(FindingRow.objects.select_related("visit").get(pk=finding_id))


def last_visits(organisation_ids: Iterable[OrganisationId]) -> dict[OrganisationId, datetime]:
    """Return when each firm was last visited by a patrol, in one statement."""
    rows = VisitRow.objects.filter(
        organisation_id__in=set(organisation_ids), kind=VisitKind.PATROL.value
    )
    newest = rows.values_list("organisation_id").annotate(Max("received_at"))
    return {OrganisationId(firm): at for firm, at in newest if firm is not None}


def count_visits(*, kind: VisitKind | None = None) -> int:
    """Return how many visits are recorded, of one kind or all."""
    rows = VisitRow.objects.all()
    return (rows.filter(kind=kind.value) if kind else rows).count()
