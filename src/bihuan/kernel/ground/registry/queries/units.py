"""Reading units and posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from bihuan.kernel.ground.registry.models import Post as PostRow
from bihuan.kernel.ground.registry.models import Unit as UnitRow
from bihuan.kernel.ground.registry.queries.people import to_card
from bihuan.kernel.ground.registry.queries.periods import in_force
from bihuan.kernel.ground.registry.types import (
    AreaPath,
    DutyCode,
    Holder,
    Post,
    PostId,
    Unit,
    UnitId,
)
from bihuan.platform.web.errors import NotFound


def to_unit(row: UnitRow) -> Unit:
    """Return the row as a value."""
    return Unit(
        id=UnitId(row.pk),
        code=row.code,
        name=row.name,
        area_path=AreaPath(row.area.path),
        parent_id=None if row.parent_id is None else UnitId(row.parent_id),
        line=row.line,
        phone=row.phone,
    )


def to_post(row: PostRow) -> Post:
    """Return the row as a value."""
    return Post(
        id=PostId(row.pk),
        duty=DutyCode(row.duty),
        unit_id=None if row.unit_id is None else UnitId(row.unit_id),
        area_path=AreaPath(row.area.path),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        unit_name=row.unit.name if row.unit else "",
        area_name=row.area.name,
    )


def _units() -> QuerySet[UnitRow]:
    return UnitRow.objects.select_related("area")


def find_unit(unit_id: UnitId) -> Unit | None:
    """Return the unit, or None."""
    row = _units().filter(pk=unit_id).first()
    return to_unit(row) if row else None


def get_unit(unit_id: UnitId) -> Unit:
    """Return the unit.

    Raises:
        NotFound: there is none.
    """
    unit = find_unit(unit_id)
    if unit is None:
        raise NotFound("There is no such unit.", code="no_unit")
    return unit


def find_unit_by_code(code: str) -> Unit | None:
    """Return the unit of this code, or None."""
    row = _units().filter(code=code).first()
    return to_unit(row) if row else None


def list_units(*, below: str = "", line: str = "") -> tuple[Unit, ...]:
    """Return open units of areas whose path begins with `below`, of one line or all, by code."""
    rows = _units().filter(area__path__startswith=below, is_open=True)
    if line:
        rows = rows.filter(line=line)
    return tuple(to_unit(row) for row in rows.order_by("code"))


def search_units(text: str, *, below: Iterable[str], limit: int = 20) -> tuple[Unit, ...]:
    """Return open units of some areas, by a part of the name, the shortest name first."""
    word = text.strip()
    inside = Q(pk__in=[])
    for path in below:
        inside |= Q(area__path__startswith=path)
    rows = _units().filter(inside, name__contains=word, is_open=True) if word else ()
    ranked = sorted(rows, key=lambda row: (not row.name.startswith(word), len(row.name), row.code))
    return tuple(to_unit(row) for row in ranked[:limit])


def units_by_id(unit_ids: Iterable[UnitId]) -> dict[UnitId, Unit]:
    """Return several units by id, in one statement."""
    rows = _units().filter(pk__in=set(unit_ids))
    return {UnitId(row.pk): to_unit(row) for row in rows}


def list_posts_of(*, account_id: int, at: datetime) -> tuple[Post, ...]:
    """Return the posts that the account's person holds at this time: for the post switch."""
    rows = PostRow.objects.filter(in_force(at), person__account_id=account_id)
    return tuple(to_post(row) for row in rows.select_related("area", "unit").order_by("pk"))


def list_holders(
    *,
    at: datetime,
    duty: DutyCode | None = None,
    unit_id: UnitId | None = None,
    area_path: str | None = None,
) -> tuple[Holder, ...]:
    """Return who holds a duty in a unit, or for exactly an area, at this time; masked."""
    rows = PostRow.objects.filter(in_force(at))
    if duty is not None:
        rows = rows.filter(duty=duty)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if area_path is not None:
        rows = rows.filter(area__path=area_path)
    rows = rows.select_related("area", "unit", "person", "person__area").order_by("pk")
    return tuple(Holder(post=to_post(row), person=to_card(row.person)) for row in rows)
