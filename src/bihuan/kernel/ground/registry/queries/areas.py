"""Reading areas."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from bihuan.kernel.ground.registry.models import Area as AreaRow
from bihuan.kernel.ground.registry.models import AreaLineage
from bihuan.kernel.ground.registry.types import Area, AreaId, AreaLevel, AreaPath, GridKind
from bihuan.platform.web.errors import NotFound


def to_area(row: AreaRow) -> Area:
    """Return the row as a value."""
    return Area(
        id=AreaId(row.pk),
        code=row.code,
        name=row.name,
        level=AreaLevel(row.level),
        path=AreaPath(row.path),
        aliases=tuple(row.aliases),
        longitude=row.longitude,
        latitude=row.latitude,
        grid_kind=GridKind(row.grid_kind) if row.grid_kind else None,
        is_schematic=row.is_schematic,
    )


def find_area(code: str) -> Area | None:
    """Return the area in force with this code, or None."""
    row = AreaRow.objects.filter(code=code, valid_to__isnull=True).first()
    return to_area(row) if row else None


def get_area(code: str) -> Area:
    """Return the area in force with this code.

    Raises:
        NotFound: there is none.
    """
    area = find_area(code)
    if area is None:
        raise NotFound("There is no area with the code %(area)s.", code="no_area", area=code)
    return area


def areas_by_code(codes: Iterable[str]) -> dict[str, Area]:
    """Return the areas in force with these codes, in one statement; unknown ones are left out."""
    rows = AreaRow.objects.filter(code__in=set(codes), valid_to__isnull=True)
    return {row.code: to_area(row) for row in rows}


def list_areas(
    *, below: str = "", levels: Iterable[AreaLevel] = (), with_ended: bool = False
) -> tuple[Area, ...]:
    """Return areas whose path begins with `below`, of some levels or all, by pinyin."""
    rows = AreaRow.objects.filter(path__startswith=below)
    if not with_ended:
        rows = rows.filter(valid_to__isnull=True)
    wanted = list(levels)
    if wanted:
        rows = rows.filter(level__in=wanted)
    return tuple(to_area(row) for row in rows.order_by("sort_key", "code"))


def list_areas_above(path: str) -> tuple[Area, ...]:
    """Return the areas of which `path` is made, from the city down: for a line of crumbs."""
    codes = [code for code in path.split("/") if code]
    rows = AreaRow.objects.filter(code__in=codes, valid_to__isnull=True)
    return tuple(sorted((to_area(row) for row in rows), key=lambda area: len(area.path)))


def names_of_areas(paths: Iterable[str]) -> dict[str, str]:
    """Return the name of each area by its path, in one statement."""
    rows = AreaRow.objects.filter(path__in=set(paths)).order_by("valid_from")
    return dict(rows.values_list("path", "name"))


def search_areas(text: str, *, below: str = "", limit: int = 20) -> tuple[Area, ...]:
    """Return areas found by name, alias, pinyin or initials: 干窑, 千窑, ganyao, gy.

    A name that begins with the text comes before one that only contains it, and a town before a
    village.
    """
    word = text.strip()
    if not word:
        return ()
    pinyin = word.lower().replace("'", "").replace(" ", "")
    found = (
        Q(name__contains=word)
        | Q(aliases__contains=[word])
        | Q(initials__startswith=pinyin)
        | Q(sort_key__startswith=pinyin)
    )
    rows = AreaRow.objects.filter(found, path__startswith=below, valid_to__isnull=True)
    ranked = sorted(rows, key=lambda row: (_rank(row, word), len(row.path), row.sort_key))
    return tuple(to_area(row) for row in ranked[:limit])


def _rank(row: AreaRow, word: str) -> int:
    if row.name == word or word in row.aliases:
        return 0
    return 1 if row.name.startswith(word) else 2


def list_successors(code: str) -> tuple[Area, ...]:
    """Return the areas in force that stand where `code` once stood, through every change since."""
    found: dict[int, AreaRow] = {}
    open_ids = set(AreaRow.objects.filter(code=code).values_list("pk", flat=True))
    seen: set[int] = set()
    while open_ids:
        seen |= open_ids
        rows = AreaRow.objects.filter(pk__in=open_ids)
        found |= {row.pk: row for row in rows if row.valid_to is None}
        steps = AreaLineage.objects.filter(predecessor_id__in=open_ids)
        open_ids = set(steps.values_list("successor_id", flat=True)) - seen
    return tuple(to_area(row) for row in sorted(found.values(), key=lambda row: row.path))
