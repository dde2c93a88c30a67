"""Making the Scope: who asks, in one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from bihuan.kernel.ground.events.types import SYSTEM, Door, Origin
from bihuan.kernel.ground.registry import kinds
from bihuan.kernel.ground.registry.models import PartyRelation, Person, Post, Unit
from bihuan.kernel.ground.registry.queries.periods import in_force
from bihuan.kernel.ground.registry.rules.areas import county_of
from bihuan.kernel.ground.registry.types import (
    EVERYBODY,
    FIRM_CONTACT,
    OWN_AFFAIRS,
    RESIDENT,
    SIGNED_IN,
    AreaPath,
    DutyCode,
    OrganisationId,
    PersonId,
    PostId,
    Power,
    PurposeCode,
    RelationKind,
    Scope,
    UnitId,
    system_scope_values,
)
from bihuan.platform.web.errors import NotAllowed

ACTS_FOR_FIRM = (RelationKind.CONTACT, RelationKind.LEGAL_REPRESENTATIVE)


def anonymous_scope(door: Door) -> Scope:
    """Return the scope of somebody who has not signed in."""
    origin = Origin(door=door, words="anonymous")
    return Scope(origin=origin, county_id=settings.BIHUAN_AREA)


def system_scope(job_name: str, powers: Iterable[Power] = ()) -> Scope:
    """Return the scope of a job: the whole installation, the named powers only."""
    scope = system_scope_values(settings.BIHUAN_AREA, frozenset(powers))
    return scope.through(replace(SYSTEM, words=job_name))


def scope_for(
    *,
    account_id: int,
    origin_door: Door,
    purpose: PurposeCode,
    at: datetime,
    post_id: int | None = None,
) -> Scope:
    """Return what an account may do now, in at most two statements.

    The chosen post counts, else the first in force; who has none, and who comes for OWN_AFFAIRS,
    acts as a resident and for the firms that they speak for. Anything that no duty gives is denied.

    Raises:
        NotAllowed: the chosen post is not theirs, or not in force.
    """
    posts = _posts(account_id, at) if purpose != OWN_AFFAIRS or post_id is not None else []
    if post_id is not None:
        posts = [post for post in posts if post["pk"] == post_id]
        if not posts:
            raise NotAllowed("This post is not yours, or it has ended.", code="not_your_post")
    if posts:
        return _of_post(posts[0], account_id, origin_door, purpose)
    return _of_person(account_id, origin_door, at)


def _posts(account_id: int, at: datetime) -> list[dict[str, Any]]:
    below = Unit.objects.filter(path__startswith=OuterRef("unit__path")).values("pk")
    rows = Post.objects.filter(in_force(at), person__account_id=account_id)
    rows = rows.filter(person__account__is_active=True)
    columns = ("pk", "person_id", "duty", "unit_id", "unit__name", "area__path")
    found = rows.order_by("pk").values(*columns, units=ArraySubquery(below))
    return [dict(row) for row in found]


def _of_post(post: dict[str, Any], account_id: int, door: Door, purpose: PurposeCode) -> Scope:
    duties = frozenset({DutyCode(post["duty"])})
    unit_id = None if post["unit_id"] is None else UnitId(post["unit_id"])
    return Scope(
        origin=Origin(door=door, account_id=account_id, post_id=post["pk"], unit_id=unit_id),
        county_id=county_of(post["area__path"]),
        person_id=PersonId(post["person_id"]),
        post_id=PostId(post["pk"]),
        unit_id=unit_id,
        unit_ids=frozenset(UnitId(unit) for unit in post["units"]),
        area_paths=(AreaPath(post["area__path"]),),
        duties=duties,
        powers=kinds.powers_of(duties) | {EVERYBODY, SIGNED_IN},
        purpose=purpose,
        unit_name=post["unit__name"] or "",
    )


def _of_person(account_id: int, door: Door, at: datetime) -> Scope:
    firms = PartyRelation.objects.filter(
        in_force(at), Q(kind__in=ACTS_FOR_FIRM), person=OuterRef("pk"), organisation__isnull=False
    )
    found = (
        Person.objects.filter(account_id=account_id, account__is_active=True)
        .values(
            "pk",
            "area__path",
            firms=ArraySubquery(firms.values("organisation_id").distinct()),
        )
        .first()
    )
    origin = Origin(door=door, account_id=account_id)
    if found is None:
        return Scope(
            origin=origin, county_id=settings.BIHUAN_AREA, powers=frozenset({EVERYBODY, SIGNED_IN})
        )
    duties = {RESIDENT} | ({FIRM_CONTACT} if found["firms"] else set())
    return Scope(
        origin=origin,
        county_id=county_of(found["area__path"]) if found["area__path"] else settings.BIHUAN_AREA,
        person_id=PersonId(found["pk"]),
        organisation_ids=frozenset(OrganisationId(firm) for firm in found["firms"]),
        duties=frozenset(duties),
        powers=kinds.powers_of(duties) | {EVERYBODY, SIGNED_IN},
        purpose=OWN_AFFAIRS,
    )
