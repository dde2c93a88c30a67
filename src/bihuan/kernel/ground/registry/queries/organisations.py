"""Reading firms, their people and their officers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from bihuan.kernel.ground.registry import policies
from bihuan.kernel.ground.registry.gazetteer import pinyin_key
from bihuan.kernel.ground.registry.models import OfficerAssignment, PartyRelation
from bihuan.kernel.ground.registry.models import Organisation as Row
from bihuan.kernel.ground.registry.queries.people import to_card
from bihuan.kernel.ground.registry.queries.periods import in_force
from bihuan.kernel.ground.registry.rules import identifiers
from bihuan.kernel.ground.registry.types import (
    AreaId,
    AreaPath,
    Organisation,
    OrganisationId,
    PersonCard,
    Relation,
    RelationKind,
    Scope,
)
from bihuan.platform.web.errors import NotFound


def to_organisation(row: Row) -> Organisation:
    """Return the row as a value."""
    return Organisation(
        id=OrganisationId(row.pk),
        name=row.name,
        uscc=row.uscc or "",
        area_id=AreaId(row.area_id),
        area_path=AreaPath(row.area.path),
        industry=row.industry,
        is_above_scale=row.is_above_scale,
        address=row.address,
        registered_address=row.registered_address,
        longitude=row.longitude,
        latitude=row.latitude,
        closed_on=row.closed_on,
    )


def _seen(scope: Scope) -> QuerySet[Row]:
    return Row.objects.select_related("area").filter(policies.organisations_seen(scope))


def get_organisation(organisation_id: OrganisationId, *, scope: Scope) -> Organisation:
    """Return one firm that the scope may see.

    Raises:
        NotFound: there is none, or not for this scope; both sound the same.
    """
    row = _seen(scope).filter(pk=organisation_id).first()
    if row is None:
        raise NotFound("There is no such firm.", code="no_organisation")
    return to_organisation(row)


def organisations_by_id(
    organisation_ids: Iterable[OrganisationId],
) -> dict[OrganisationId, Organisation]:
    """Return several firms in one statement: for rows that the caller may show."""
    rows = Row.objects.select_related("area").filter(pk__in=set(organisation_ids))
    return {OrganisationId(row.pk): to_organisation(row) for row in rows}


def find_organisation_by_uscc(uscc: str, *, scope: Scope) -> Organisation | None:
    """Return the firm with this social credit code, if the scope may see it."""
    row = _seen(scope).filter(uscc=identifiers.clean(uscc)).first()
    return to_organisation(row) if row else None


def list_organisations(
    *,
    scope: Scope,
    below: str = "",
    text: str = "",
    after: Organisation | None = None,
    limit: int = 50,
) -> tuple[Organisation, ...]:
    """Return firms that the scope sees, by pinyin: in an area, by a part of name, pinyin or code.

    Ask for the next page with the last firm of this one as `after`.
    """
    rows = _seen(scope).filter(area__path__startswith=below, closed_on__isnull=True)
    word = text.strip()
    if word:
        rows = rows.filter(
            Q(name__contains=word)
            | Q(sort_key__startswith=word.lower().replace(" ", ""))
            | Q(uscc__startswith=identifiers.clean(word))
        )
    if after is not None:
        rows = rows.filter(_after(after))
    return tuple(to_organisation(row) for row in rows.order_by("sort_key", "pk")[:limit])


def _after(last: Organisation) -> Q:
    key = pinyin_key(last.name)
    return Q(sort_key__gt=key) | Q(sort_key=key, pk__gt=last.id)


def count_organisations(*, scope: Scope, below: str = "") -> int:
    """Return how many open firms the scope sees in an area."""
    return _seen(scope).filter(area__path__startswith=below, closed_on__isnull=True).count()


def list_relations(
    organisation_id: OrganisationId,
    *,
    at: datetime,
    kinds: Iterable[RelationKind] = (),
) -> tuple[Relation, ...]:
    """Return who is what to a firm at this time, masked."""
    rows = PartyRelation.objects.filter(in_force(at), organisation_id=organisation_id)
    wanted = list(kinds)
    if wanted:
        rows = rows.filter(kind__in=wanted)
    rows = rows.select_related("person", "person__area").order_by("pk")
    return tuple(to_relation(row) for row in rows)


def to_relation(row: PartyRelation) -> Relation:
    """Return the row as a value."""
    firm = row.organisation_id
    return Relation(
        id=row.pk,
        person=to_card(row.person),
        kind=RelationKind(row.kind),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        organisation_id=None if firm is None else OrganisationId(firm),
    )


def find_officer(organisation_id: OrganisationId, *, at: datetime) -> PersonCard | None:
    """Return the officer who looks after a firm at this time (一企一警), masked, or None."""
    row = (
        OfficerAssignment.objects.filter(in_force(at), organisation_id=organisation_id)
        .select_related("person", "person__area")
        .first()
    )
    return to_card(row.person) if row else None
