"""The library of items: the sample that ships, an Excel file that takes its place, the checklist.

Each edition is published as one version of one checklist, so that a phone, a page and the record
name the same items. An item that is not published is not in it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import python_calamine
import yaml
from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.types import (
    MAY_PUBLISH,
    Definition,
    Instrument,
    InstrumentCode,
    Kind,
    Outcome,
    VersionId,
)
from bihuan.kernel.tools.assessments.types import Item as Question
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words
from bihuan.platform.web.errors import NotAllowed, Refused
from bihuan.scenes.joint_inspection.models import ItemRow, LibraryRow
from bihuan.scenes.joint_inspection.types import LINES, MAY_KEEP_LIBRARY, Item, Library
from bihuan.scenes.joint_inspection.words import LINE_NAMES

SAMPLE = Path(__file__).parent / "data" / "items.yaml"
CHECKLIST = InstrumentCode("joint_inspection.items")
MOST_ITEMS = 400
LARGEST = 4 * 1024 * 1024


class UnableToKeepLibrary(Refused):
    """The file cannot be read, or the scope may not."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook: its header, the field it fills, its width, whether it must be."""

    header: str
    field: str
    width: int
    required: bool = False


COLUMNS = (
    Column("编号", "code", 10, required=True),
    Column("部门", "line", 12, required=True),
    Column("事项", "title", 24, required=True),
    Column("依据", "basis", 36, required=True),
    Column("依据网址", "basis_url", 24),
    Column("适用行业", "industries", 12),
    Column("只查规上", "above_scale_only", 10),
    Column("方式", "method", 14),
    Column("合格标准", "criteria", 48, required=True),
    Column("证据", "evidence", 18),
    Column("隐患提示", "hazard_hint", 28),
    Column("罚则", "penalty", 28),
    Column("合并组", "merge_group", 10),
    Column("公布", "published", 8),
    Column("有效期起", "valid_from", 14),
    Column("有效期止", "valid_to", 14),
)
YES = {"是", "1", "y", "yes", "true"}
NO = {"", "否", "0", "n", "no", "false"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One cell that must be mended, as a code; `words.py` knows the words."""

    row: int
    column: str
    written: str
    code: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a workbook says: its items and what is wrong."""

    items: tuple[Item, ...]
    wrong: tuple[Wrong, ...]


@lru_cache(maxsize=1)
def sample() -> tuple[str, tuple[Item, ...]]:
    """Return the name and items of the library that ships."""
    data = yaml.safe_load(SAMPLE.read_text("utf-8"))
    items = tuple(
        Item(
            number=n,
            basis_url=data["basis_url"],
            industries=tuple(raw.pop("industries")),
            **raw,
        )
        for n, raw in enumerate(data["items"], 1)
    )
    return data["name"], items


def read_workbook(body: bytes) -> Read:
    """Return what an Excel file says. A wrong cell is named; nothing is guessed.

    Raises:
        UnableToKeepLibrary: it is no workbook, has no header, or far too many rows.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        rows = book.get_sheet_by_index(0).to_python()
    except Exception as error:
        raise UnableToKeepLibrary(
            "This file could not be read. Save it as XLSX and choose it again.", field="file"
        ) from error
    if not rows or len(rows) > MOST_ITEMS + 1:
        raise UnableToKeepLibrary(
            "A library has one row an item, at most 400.", code="rows", field="file"
        )
    place = {str(cell).strip(): n for n, cell in enumerate(rows[0])}
    missing = [c.header for c in COLUMNS if c.required and c.header not in place]
    if missing:
        raise UnableToKeepLibrary(
            "The first row lacks: %(columns)s. Take the template.",
            code="columns",
            field="file",
            columns="、".join(missing),
        )
    return _read_rows(rows[1:], place)


def _read_rows(rows: Sequence[Sequence[Any]], place: dict[str, int]) -> Read:
    items: list[Item] = []
    wrong: list[Wrong] = []
    for n, row in enumerate(rows, 2):
        cells = {c.field: row[place[c.header]] for c in COLUMNS if c.header in place}
        if not any(str(cell).strip() for cell in cells.values()):
            continue
        faults: list[Wrong] = []
        item = _item(n, cells, len(items) + 1, faults)
        if item is not None and item.code in {known.code for known in items}:
            faults.append(Wrong(n, "编号", item.code, "twice"))
        wrong += faults
        if item is not None and not faults:
            items.append(item)
    if not items and not wrong:
        wrong.append(Wrong(2, "编号", "", "lacking"))
    return Read(tuple(items), tuple(wrong))


def _item(n: int, cells: dict[str, Any], number: int, faults: list[Wrong]) -> Item | None:
    words = {c.field: _words(cells.get(c.field, "")) for c in COLUMNS}
    lacking = (c for c in COLUMNS if c.required and not words[c.field])
    faults += [Wrong(n, column.header, "", "lacking") for column in lacking]
    lines = {name: line for line, name in LINE_NAMES.items()} | {line: line for line in LINES}
    if words["line"] and words["line"] not in lines:
        faults.append(Wrong(n, "部门", words["line"], "line"))
    if not words["code"].isascii() or not words["code"].replace("_", "").isalnum():
        faults.append(Wrong(n, "编号", words["code"], "code"))
    above = _yes(n, "只查规上", words["above_scale_only"], faults)
    published = _yes(n, "公布", words["published"] or "是", faults)
    begins = _day(n, "有效期起", cells.get("valid_from", ""), faults)
    ends = _day(n, "有效期止", cells.get("valid_to", ""), faults)
    if begins and ends and ends <= begins:
        faults.append(Wrong(n, "有效期止", str(ends), "order"))
    if faults:
        return None
    plain = {
        name: words[name]
        for name in ("title", "basis", "basis_url", "method", "criteria", "evidence")
    }
    return Item(
        code=words["code"].lower(),
        number=number,
        line=lines[words["line"]],
        industries=tuple(c for c in words["industries"].upper() if c.isalpha()),
        above_scale_only=above,
        hazard_hint=words["hazard_hint"],
        penalty=words["penalty"],
        merge_group=words["merge_group"],
        published=published,
        valid_from=begins,
        valid_to=ends,
        **plain,
    )


def _words(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()[:300]


def _yes(n: int, header: str, words: str, faults: list[Wrong]) -> bool:
    low = words.lower()
    if low not in YES | NO:
        faults.append(Wrong(n, header, words, "yes_or_no"))
    return low in YES


def _day(n: int, header: str, cell: Any, faults: list[Wrong]) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    words = str(cell).strip().replace("/", "-").replace(".", "-")
    if not words:
        return None
    try:
        year, month, day = (int(part) for part in words.split("-"))
        return date(year, month, day)
    except ValueError:
        faults.append(Wrong(n, header, str(cell), "day"))
        return None


def workbook(items: Iterable[Item]) -> bytes:
    """Return items as the workbook that people fill in."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "检查事项"
    sheet.append([c.header for c in COLUMNS])
    for item in items:
        given = asdict(item)
        sheet.append([_cell(c.field, given[c.field]) for c in COLUMNS])
    for n, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(n)].width = column.width
        sheet.cell(1, n).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(field: str, value: Any) -> Any:
    if field == "line":
        return LINE_NAMES[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "".join(value)
    return value


def keep_library(
    items: Sequence[Item], *, name: str, is_sample: bool, scope: Scope, at: datetime
) -> Library:
    """Keep items as the next edition and publish its checklist; the same items are no new one.

    Raises:
        NotAllowed: the scope does not keep the library.
    """
    if not scope.has(MAY_KEEP_LIBRARY):
        raise NotAllowed("Your post does not keep the library of items.")
    digest = _digest(items)
    with transaction.atomic():
        known = LibraryRow.objects.filter(digest=digest).first()
        if known is not None:
            return to_library(known)
        # By word, not by row: the run-time role may not change an edition, so it may not lock one.
        lock_words("joint_inspection.library")
        newest = LibraryRow.objects.order_by("-edition").first()
        publisher = registry.system_scope("joint_inspection", (MAY_PUBLISH,))
        version = assessments.publish_version(
            definition_of(items, name),
            valid_from=clock.business_date(at),
            scope=publisher.through(scope.origin),
            at=at,
        )
        row = LibraryRow.objects.create(
            edition=newest.edition + 1 if newest else 1,
            name=name[:120],
            is_sample=is_sample,
            digest=digest,
            version_id=version.id,
            account_id=scope.origin.account_id,
            at=at,
        )
        ItemRow.objects.bulk_create(_item_row(row, item) for item in items)
    return to_library(row)


def _item_row(row: LibraryRow, item: Item) -> ItemRow:
    return ItemRow(library=row, **{**asdict(item), "industries": list(item.industries)})


def _digest(items: Sequence[Item]) -> str:
    text = json.dumps([asdict(item) for item in items], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def definition_of(items: Sequence[Item], name: str) -> Definition:
    """Return the checklist of the published items; whose items they are stands on each.

    No item is asked of everybody: which of them a visit asks, its task says.
    """
    return Definition(
        instrument=Instrument(CHECKLIST, "综合查一次检查单", Kind.CHECKLIST),
        source=name,
        items=tuple(
            Question(
                code=item.code,
                text=item.title,
                section=LINE_NAMES[item.line],
                hint=f"{item.criteria}。依据：{item.basis}",
                required=False,
                note_on=frozenset({Outcome.FAIL}),
                labels=(("line", item.line), ("finding", item.title)),
            )
            for item in items
            if item.published
        ),
    )


def to_library(row: LibraryRow) -> Library:
    """Return an edition with its items as a value."""
    return Library(
        edition=row.edition,
        name=row.name,
        is_sample=row.is_sample,
        items=tuple(_to_item(item) for item in row.items.order_by("number")),
        version_id=VersionId(row.version_id),
    )


def _to_item(row: ItemRow) -> Item:
    fields = {name: getattr(row, name) for name in Item.__dataclass_fields__}
    return Item(**{**fields, "industries": tuple(row.industries)})


def find_library(edition: int | None = None) -> Library | None:
    """Return an edition, or the newest; None while there is none."""
    rows = LibraryRow.objects.order_by("-edition")
    row = (rows.filter(edition=edition) if edition else rows).first()
    return to_library(row) if row else None


def ensure_sample(*, at: datetime) -> Library:
    """Return the newest edition; where there is none, keep the sample that ships first."""
    found = find_library()
    if found is not None:
        return found
    name, items = sample()
    scope = registry.system_scope("joint_inspection", (MAY_KEEP_LIBRARY,))
    return keep_library(items, name=name, is_sample=True, scope=scope, at=at)
