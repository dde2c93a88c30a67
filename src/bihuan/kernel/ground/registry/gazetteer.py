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


def _rows() -> Iterator[Row]:
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            code, name = line["code"], line["name"]
            path = path_of(code)
            above = path.rstrip("/").split("/")[:-1]
            yield Row(
                code=code,
                name=name,
                level=LENGTHS[len(code)].value,
                path=path,
                parent_code=above[-1] if above else "",
                aliases=ALIASES.get(code, ()),
                sort_key=pinyin_key(name),
                initials=initials_of(name)[:40],
            )
