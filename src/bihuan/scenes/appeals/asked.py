"""Questions of others: closed matters of which everybody may read question and answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import APPEAL
from bihuan.kernel.ground.registry import api as registry
from bihuan.scenes.appeals.classes import CLASSES

PAGE = 20
MOST_OUT = 10_000
"""As many as one file of open data holds, the newest first."""
LONGEST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for: words, a class, an area, a page."""

    words: str = ""
    class_code: str = ""
    area_code: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Answered:
    """One matter as everybody may read it."""

    number: str
    question: str
    answer: str
    class_code: str
    area: str
    unit: str
    raised_at: datetime
    closed_at: datetime
    days: float
    rating: str
    solved: str


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What was found, and how many in all."""

    rows: tuple[Answered, ...]
    count: int
    page: int
    pages: int


_FROM = """
    FROM appeals_public_words w JOIN cases_case_v c ON c.id = w.case_id
    WHERE w.answer <> '' AND c.kind = %(kind)s AND c.state IN ('closed', 'evaluated')
      AND NOT c.sensitive AND NOT c.malicious
      AND (%(class)s = '' OR c.class_code = %(class)s)
      AND (%(path)s = '' OR c.area_path LIKE %(path)s || '%%')
      AND (%(like)s = '' OR w.words ILIKE %(like)s OR w.answer ILIKE %(like)s
           OR c.number = %(number)s)
"""
_SELECT = f"""
    SELECT c.number, w.words, w.answer, c.class_code, c.area_name, coalesce(c.holder_name, ''),
           c.raised_at, c.closed_at, extract(epoch FROM c.closed_at - c.raised_at) / 86400.0,
           c.rating, c.solved
    {_FROM} ORDER BY c.closed_at DESC, c.id DESC LIMIT %(size)s OFFSET %(skip)s
"""  # noqa: S608  our own words only


def read(given: Mapping[str, str]) -> Look:
    """Return what an address looks for; what cannot be meant is left out."""
    text = given.get("page", "1")
    return Look(
        words=" ".join(given.get("q", "").split())[:LONGEST_WORDS],
        class_code=given.get("class", ""),
        area_code=given.get("area", ""),
        page=int(text) if text.isdecimal() and int(text[:6]) > 0 else 1,
    )


def list_asked(look: Look) -> AskedPage:
    """Return a page of matters that everybody may read, the last closed first.

    No scope: these are for everybody. A class or area that does not exist finds nothing.
    """
    given = _given(look)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_FROM}", given)
        (count,) = cursor.fetchone()
        pages = max(1, -(-count // PAGE))
        page = min(look.page, pages)
        cursor.execute(_SELECT, given | {"size": PAGE, "skip": (page - 1) * PAGE})
        rows = tuple(_row(found) for found in cursor.fetchall())
    return AskedPage(rows, count, page, pages)


def every_asked(look: Look) -> Iterator[Answered]:
    """Return what an open file holds: all that is found, up to a bound."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, _given(look) | {"size": MOST_OUT, "skip": 0})
        yield from [_row(found) for found in cursor.fetchall()]


def _given(look: Look) -> dict[str, Any]:
    area = registry.find_area(look.area_code) if look.area_code else None
    path = area.path if area else ("-" if look.area_code else "")
    literal = look.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        "kind": str(APPEAL),
        "class": look.class_code,
        "path": path,
        "like": f"%{literal}%" if literal else "",
        "number": look.words.upper(),
    }


def _row(found: tuple[Any, ...]) -> Answered:
    number, question, answer, code, area, unit, raised, closed, days, rating, solved = found
    return Answered(
        number, question, answer, code, area, unit, raised, closed, float(days), rating, solved
    )


def class_words(code: str) -> str:
    """Return a class in words."""
    return next((_(one.title) for one in CLASSES if one.code == code), code)
