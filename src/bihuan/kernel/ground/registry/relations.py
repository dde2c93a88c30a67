"""Read-only database views for figures, exports and analytics. No clear identifier is in them.

Columns may be added; one that stands keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """A view of the database: its name, one row of it, and each column."""

    name: str
    row: str
    columns: Mapping[str, str]


AREAS = View(
    name="registry_area_v",
    row="One area, in force or ended.",
    columns={
        "id": "Key of the area.",
        "code": "Division code, or the county's own code of a community or grid.",
        "name": "Name as written.",
        "level": "city, county, town, village, industrial_community, grid, micro_grid.",
        "grid_kind": "basic or exclusive for grids, else empty.",
        "path": "Codes from the city down, each closed by a slash.",
        "county_code": "Code of its county; null for the city.",
        "town_code": "Code of its town; null above towns.",
        "valid_from": "First day in force.",
        "valid_to": "First day no longer in force; null while it is.",
    },
)
ORGANISATIONS = View(
    name="registry_organisation_v",
    row="One firm or other body.",
    columns={
        "id": "Key of the firm.",
        "name": "Name as in the public register.",
        "industry": "GB/T 4754 code, or empty.",
        "is_above_scale": "Whether it counts as above scale (规上).",
        "area_id": "Area of its premises.",
        "area_path": "Path of that area.",
        "county_code": "Code of the county of its premises.",
        "town_code": "Code of the town of its premises; null where only the county is known.",
        "longitude": "WGS-84, or null.",
        "latitude": "WGS-84, or null.",
        "registered_at": "When it was registered here.",
        "closed_on": "First day on which it no longer exists; null while it does.",
    },
)
VIEWS = (AREAS, ORGANISATIONS)
