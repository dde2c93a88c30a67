"""The rows that ship with the room: Jiaxing's areas, as of the statistics bureau's 2023 edition."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pypinyin import lazy_pinyin

from bihuan.kernel.ground.registry.rules.areas import LENGTHS, path_of

DATA = Path(__file__).parent / "data"
ALIASES = {"330421105": ("千窑镇", "千窑")}
"""Names under which people look for an area, beside its own. 千窑 is a slip for 干窑."""
SUSPECTS = {"330421105202": ("南亩村", "南亩")}
"""Names that may be a slip for an area: shown as a suggestion until the county confirms them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One area as it ships."""

    code: str
    name: str
    level: str
    path: str
    parent_code: str
    aliases: tuple[str, ...]
    sort_key: str
    initials: str
    longitude: float | None
    latitude: float | None


def pinyin_key(name: str) -> str:
    """Return the pinyin of a name without spaces, for sorting and search: ``haiyanxian``."""
    return "".join(lazy_pinyin(name)).lower()


def initials_of(name: str) -> str:
    """Return the first letters of a name's pinyin: ``hyx``."""
    return "".join(syllable[:1] for syllable in lazy_pinyin(name)).lower()


@functools.cache
def rows() -> tuple[Row, ...]:
    """Return the city, counties, towns and villages, parents first."""
    return tuple(_rows())


@functools.cache
def hexes() -> tuple[tuple[str, int, int], ...]:
    """Return code, column and row of each town on the wall's map."""
    return tuple((line["code"], int(line["column"]), int(line["row"])) for line in _read("hexes"))


@functools.cache
def outline() -> tuple[tuple[float, float], ...]:
    """Return the rough outline of the city, drawn by hand (示意)."""
    return tuple((float(line["longitude"]), float(line["latitude"])) for line in _read("outline"))


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rows() -> Iterator[Row]:
    centres = {
        line["code"]: (float(line["longitude"]), float(line["latitude"]))
        for line in _read("town_centres")
    }
    for line in _read("areas"):
        code, name = line["code"], line["name"]
        path = path_of(code)
        above = path.rstrip("/").split("/")[:-1]
        longitude, latitude = centres.get(code, (None, None))
        yield Row(
            code=code,
            name=name,
            level=LENGTHS[len(code)].value,
            path=path,
            parent_code=above[-1] if above else "",
            aliases=ALIASES.get(code, ()),
            sort_key=pinyin_key(name),
            initials=initials_of(name)[:40],
            longitude=longitude,
            latitude=latitude,
        )
