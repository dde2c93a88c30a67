"""Petitions in the one inbox: shown, searched, counted."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from bihuan.kernel.affairs.cases.models import LinkedReference
from bihuan.kernel.affairs.cases.policies import AT_THE_CENTRE
from bihuan.kernel.affairs.cases.types import CaseId, Reference, ReferenceId
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope

SHOWN = 200


def list_references(*, scope: Scope, text: str = "") -> tuple[Reference, ...]:
    """Return petitions of the scope's areas, open ones first, by what is due next."""
    rows = list(
        _seen(scope, text)
        .select_related("unit", "case")
        .order_by("completed_on", "complete_by", "pk")[:SHOWN]
    )
    codes = {row.area_path.strip("/").rsplit("/", 1)[-1] for row in rows}
    names = {str(area.path): area.name for area in registry.areas_by_code(codes).values()}
    found = [_reference(row, names.get(row.area_path, "")) for row in rows]
    return tuple(sorted(found, key=lambda r: (r.next_due is None, r.next_due or r.complete_by)))


def count_references(*, scope: Scope, text: str = "") -> int:
    """Return how many petitions of the scope's areas are not completed."""
    return _seen(scope, text).filter(completed_on__isnull=True).count()


def _seen(scope: Scope, text: str) -> QuerySet[LinkedReference]:
    condition = Q(pk__in=[])
    if any(scope.has(power) for power in AT_THE_CENTRE):
        for path in scope.area_paths:
            condition |= Q(area_path__startswith=path)
    for word in text.split()[:5]:
        condition &= Q(title__icontains=word) | Q(number__icontains=word)
    return LinkedReference.objects.filter(condition)


def _reference(row: LinkedReference, area_name: str) -> Reference:
    return Reference(
        id=ReferenceId(row.pk),
        number=row.number,
        title=row.title,
        area_name=area_name,
        unit_name=row.unit.name if row.unit else "",
        registered_on=row.registered_on,
        answer_by=row.answer_by,
        complete_by=row.complete_by,
        told_on=row.told_on,
        completed_on=row.completed_on,
        extended_days=row.extended_days,
        case_id=CaseId(row.case_id) if row.case_id else None,
        case_number=row.case.number if row.case else "",
    )
