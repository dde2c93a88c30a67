"""Where a row lies: by its column, by the places that its words name, or by the options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, AreaLevel, AreaPath, PlaceMatch, Scope
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.importing.cells import pick
from bihuan.scenes.appeals.importing.types import Fault, Options

NOWHERE = AreaPath("")
SEEN = 600
"""How much of a text is looked through for places: they stand at its beginning."""


class UnableToStand(Refused):
    """The area of the options is unknown, or none of the asker's."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a row lies, or why that is not known."""

    path: AreaPath = NOWHERE
    fault: Fault | None = None
    hint: str = ""


class Placer:
    """Places the rows of one import. Nothing that is only likely is ever taken silently."""

    def __init__(self, options: Options, scope: Scope) -> None:
        """Look up the areas of the options.

        Raises:
            UnableToStand: one is unknown, or lies outside the asker's care.
        """
        self.scope = scope
        self.base = _area(options.area, scope)
        over = _area(options.spread_over, scope)
        self.spread: tuple[Area, ...] = ()
        if over is not None:
            villages = registry.list_areas(below=over.path, levels=(AreaLevel.VILLAGE,))
            self.spread = tuple(sorted(villages, key=lambda area: area.code)) or (over,)
        self.below = self.base.path if self.base else ""

    def place(self, rows: Sequence[tuple[str, str, str]]) -> list[Placed]:
        """Return where each row lies: given the cell of its place, its words, and its key."""
        seen = [cell or words[:SEEN] for cell, words, _key in rows]
        found = registry.find_places_in(seen, below=self.below)
        coded = registry.areas_by_code({cell for cell, _, _ in rows if cell.isdigit()})
        return [
            self._one(cell, key, matches, coded)
            for (cell, _words, key), matches in zip(rows, found, strict=True)
        ]

    def _one(
        self, cell: str, key: str, matches: tuple[PlaceMatch, ...], coded: dict[str, Area]
    ) -> Placed:
        sure = coded[cell].path if cell in coded else _sure(matches)
        if sure and self._fits(sure):
            return Placed(sure)
        if sure and cell:
            hint = "、".join(dict.fromkeys(m.name for m in matches)) or cell
            return Placed(fault=Fault.OTHER_PLACE, hint=hint)
        if self.spread:
            return Placed(self.spread[pick(key, len(self.spread))].path)
        if self.base is not None:
            return Placed(self.base.path)
        likely = "、".join(dict.fromkeys(match.name for match in matches[:3]))
        return Placed(fault=Fault.UNSURE_PLACE if likely else Fault.NO_PLACE, hint=likely)

    def _fits(self, path: AreaPath) -> bool:
        return self.scope.covers(path) and path.startswith(self.below)


def _area(code: str, scope: Scope) -> Area | None:
    if not code:
        return None
    area = registry.find_area(code) or _by_name(code)
    if area is None:
        raise UnableToStand(
            "There is no area “%(area)s”. Write its code or its full name.",
            code="no_area",
            field="area",
            area=code,
        )
    if not scope.covers(area.path):
        raise UnableToStand(
            "%(area)s is not in your care. Choose an area of your own.",
            code="other_area",
            field="area",
            area=area.name,
        )
    return area


def _by_name(name: str) -> Area | None:
    found = [area for area in registry.search_areas(name) if area.name == name]
    return found[0] if len(found) == 1 else None


def _sure(matches: tuple[PlaceMatch, ...]) -> AreaPath:
    """Return the deepest place of which the text is sure; of two apart, what holds both."""
    paths = [match.path for match in matches if match.is_confirmed]
    if not paths:
        return NOWHERE
    deepest = max(paths, key=len)
    common = deepest
    for path in paths:
        while not (deepest.startswith(path) or path.startswith(common)):
            common = AreaPath(common[: common[:-1].rfind("/") + 1])
    return common
