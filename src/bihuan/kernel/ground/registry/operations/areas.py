"""Areas: loading what ships, adding communities and grids, replacing one by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import gazetteer
from bihuan.kernel.ground.registry.facts import AreaAdded, AreaReplaced, AreaShaped
from bihuan.kernel.ground.registry.models import Area as Row
from bihuan.kernel.ground.registry.models import AreaLineage
from bihuan.kernel.ground.registry.operations.common import area_row, lock_words
from bihuan.kernel.ground.registry.policies import require_area, require_power
from bihuan.kernel.ground.registry.queries.areas import to_area
from bihuan.kernel.ground.registry.rules.areas import LENGTHS, day_of, may_lie_in
from bihuan.kernel.ground.registry.rules.geo import point_fault
from bihuan.kernel.ground.registry.types import (
    MANAGE_AREAS,
    Area,
    AreaLevel,
    LineageKind,
    NewArea,
    Scope,
)
from bihuan.platform.web.errors import Refused

EDITION = date(2023, 1, 1)
"""The edition of the list that ships; areas are held to be in force from then."""


NO_POLYGON = "This is no GeoJSON polygon with longitude and latitude."


class UnableToAddArea(Refused):
    """The area does not fit where it was to be put."""


def load_areas() -> int:
    """Load the areas that ship with the room and are not there yet; return how many were added.

    Safe to run again: what a county has changed since stays as it is.
    """
    if not _missing():
        return 0
    with transaction.atomic():
        lock_words("areas")
        missing = _missing()
        ids: dict[str, int] = dict(Row.objects.values_list("code", "pk"))
        for level in LENGTHS.values():
            here = [
                _shipped(row, ids.get(row.parent_code)) for row in missing if row.level == level
            ]
            ids |= {row.code: row.pk for row in Row.objects.bulk_create(here)}
        return len(missing)


def _missing() -> list[gazetteer.Row]:
    known = set(Row.objects.values_list("code", flat=True))
    return [row for row in gazetteer.rows() if row.code not in known]


def _shipped(row: gazetteer.Row, parent_id: int | None) -> Row:
    return Row(
        code=row.code,
        name=row.name,
        level=row.level,
        path=row.path,
        parent_id=parent_id,
        aliases=list(row.aliases),
        sort_key=row.sort_key,
        initials=row.initials,
        longitude=row.longitude,
        latitude=row.latitude,
        valid_from=EDITION,
    )


def add_area(new: NewArea, *, scope: Scope, at: datetime) -> Area:
    """Add an industrial community, a grid or another area inside an existing one.

    Raises:
        UnableToAddArea: the code is taken or empty, or the level does not belong there.
    """
    with transaction.atomic():
        lock_words("areas")
        require_power(scope, MANAGE_AREAS)
        parent = area_row(new.parent_code)
        require_area(scope, parent.path)
        _require_fits(new, parent)
        row = _create(new, parent, day_of(at))
        fact = AreaAdded(Ref("registry.area", str(row.pk)), row.code, row.level, row.path)
        events.record(fact, origin=scope.origin, at=at)
        return to_area(row)


def _require_fits(new: NewArea, parent: Row) -> None:
    if not may_lie_in(new.level, AreaLevel(parent.level), new.grid_kind):
        raise UnableToAddArea("Such an area does not belong there.", code="wrong_parent")
    if not new.code or "/" in new.code or not new.name.strip():
        raise UnableToAddArea("An area needs a code and a name.", code="area_incomplete")
    if Row.objects.filter(code=new.code, valid_to__isnull=True).exists():
        raise UnableToAddArea("There is an area with this code.", code="area_known")


def _create(new: NewArea, parent: Row, today: date) -> Row:
    name = new.name.strip()
    return Row.objects.create(
        code=new.code,
        name=name,
        level=new.level,
        grid_kind=new.grid_kind or "",
        parent=parent,
        path=f"{parent.path}{new.code}/",
        aliases=list(new.aliases),
        sort_key=gazetteer.pinyin_key(name),
        initials=gazetteer.initials_of(name)[:40],
        longitude=new.longitude,
        latitude=new.latitude,
        valid_from=new.valid_from or today,
    )


def set_shape(code: str, *, drawn: dict[str, Any], scope: Scope, at: datetime) -> Area:
    """Give an area the county's own ground, a GeoJSON polygon in WGS-84, in place of a schematic.

    Raises:
        UnableToAddArea: it is no polygon, crosses itself, or lies elsewhere.
    """
    with transaction.atomic():
        row = Row.objects.select_for_update().filter(pk=area_row(code).pk).get()
        require_power(scope, MANAGE_AREAS)
        require_area(scope, row.path)
        ground = _ground(drawn)
        centre = ground.representative_point()
        row.shape = drawn
        row.longitude, row.latitude, row.is_schematic = centre.x, centre.y, False
        row.save(update_fields=["shape", "longitude", "latitude", "is_schematic"])
        fact = AreaShaped(Ref("registry.area", str(row.pk)), code)
        events.record(fact, origin=scope.origin, at=at)
        return to_area(row)


def _ground(drawn: dict[str, Any]) -> BaseGeometry:
    """Return the polygon, or refuse."""
    try:
        ground = shape(drawn)
    except (ShapelyError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise UnableToAddArea(NO_POLYGON, code="no_polygon", field="shape") from error
    if ground.geom_type not in {"Polygon", "MultiPolygon"} or ground.is_empty:
        raise UnableToAddArea(NO_POLYGON, code="no_polygon", field="shape")
    if not ground.is_valid:
        raise UnableToAddArea("The outline crosses itself.", code="crossed", field="shape")
    west, south, east, north = ground.bounds
    if point_fault(west, south) or point_fault(east, north):
        raise UnableToAddArea("The outline lies elsewhere.", code="elsewhere", field="shape")
    return ground


def replace_area(
    code: str,
    *,
    kind: LineageKind,
    successor_codes: Sequence[str],
    on_date: date,
    scope: Scope,
    at: datetime,
) -> tuple[Area, ...]:
    """End an area on a day and name the areas that take its place; they must stand already.

    Raises:
        UnableToAddArea: no successor, an area that lies in it is still in force, or the number of
            successors does not fit the kind (a split has at least two, the others one).
    """
    with transaction.atomic():
        lock_words("areas")
        require_power(scope, MANAGE_AREAS)
        row = area_row(code)
        require_area(scope, row.path)
        successors = [area_row(other) for other in dict.fromkeys(successor_codes)]
        fits = (len(successors) > 1) is (kind is LineageKind.SPLIT)
        if not successors or row in successors or not fits:
            raise UnableToAddArea("The number of successors does not fit.", code="successors")
        inside = Row.objects.filter(path__startswith=row.path, valid_to__isnull=True)
        if inside.exclude(pk=row.pk).exists():
            raise UnableToAddArea("Replace the areas inside it first.", code="not_empty")
        row.valid_to = on_date
        row.save(update_fields=["valid_to"])
        AreaLineage.objects.bulk_create(
            AreaLineage(predecessor=row, successor=other, kind=kind, on_date=on_date)
            for other in successors
        )
        codes = tuple(other.code for other in successors)
        fact = AreaReplaced(Ref("registry.area", str(row.pk)), code, kind, codes, on_date)
        events.record(fact, origin=scope.origin, at=at)
        return tuple(to_area(other) for other in successors)
