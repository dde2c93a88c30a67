"""The towns and villages of a county, for a list that works without script."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaLevel, Scope

HOME_COUNTY = "330424"


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """A town with its villages."""

    code: str
    name: str
    areas: tuple[tuple[str, str], ...]


def groups_of(county: str = HOME_COUNTY) -> tuple[AreaGroup, ...]:
    """Return the towns of a county, each with its villages."""
    below = f"3304/{county}/"
    areas = registry.list_areas(below=below, levels=(AreaLevel.TOWN, AreaLevel.VILLAGE))
    towns = [area for area in areas if area.level is AreaLevel.TOWN]
    return tuple(
        AreaGroup(
            town.code,
            town.name,
            tuple(
                (a.code, a.name) for a in areas if a.path.startswith(town.path) and a is not town
            ),
        )
        for town in sorted(towns, key=lambda town: town.code)
    )


def home_of(scope: Scope) -> str:
    """Return where somebody lives, if that is known and in the home county; else a first choice."""
    card = registry.get_person_card(scope.person_id) if scope.person_id else None
    codes = (card.area_path or "").strip("/").split("/") if card else []
    return codes[-1] if len(codes) > 2 and codes[1] == HOME_COUNTY else f"{HOME_COUNTY}005"
