"""The cells of an Excel file, found by the name of their column and named by their place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineWorkbook

from bihuan.platform.web.errors import Refused

LARGEST = 2 * 1024 * 1024
LARGEST_UNPACKED = 40 * 1024 * 1024


class UnableToReadForm(Refused):
    """The file is no questionnaire; `faults` names the cells."""

    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True)
class CellFault:
    """One cell that must be mended."""

    sheet: str
    row: int
    column: str
    written: str
    words: str


@dataclass(slots=True)
class Sheet:
    """The cells of one sheet, found by the name of their column."""

    name: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)

    def cells(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Return each row: its number, and what is written by column."""
        for number, row in self.rows:
            yield number, {name: row[at] for name, at in self.columns.items() if row[at] != ""}

    def letter(self, column: str) -> str:
        """Return the letter of a column, or its name where the sheet lacks it."""
        at = self.columns.get(column)
        return column if at is None else _letter(at)

    def written(self, row: int, column: str) -> str:
        """Return what stands in a cell, as it was written."""
        return next((text_of(cells.get(column)) for n, cells in self.cells() if n == row), "")

    def find(self, column: str, value: str) -> int:
        """Return the row in which a column says so; 1 where none does."""
        found = (n for n, cells in self.cells() if text_of(cells.get(column)) == value)
        return next(found, 1)


def read_sheets(body: bytes) -> dict[str, Sheet]:
    """Return the sheets of a file that is what it says and unpacks to a sane size."""
    if len(body) > LARGEST or not zipfile.is_zipfile(io.BytesIO(body)):
        raise UnableToReadForm("An Excel file (.xlsx) of at most 2 MB is expected.")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        names = packed.namelist()
        unpacked = sum(entry.file_size for entry in packed.infolist())
    if unpacked > LARGEST_UNPACKED or "xl/workbook.xml" not in names:
        raise UnableToReadForm("An Excel file (.xlsx) of at most 2 MB is expected.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        found = {name.strip().lower(): book.get_sheet_by_name(name) for name in book.sheet_names}
        return {
            name: _sheet(name, sheet.to_python(skip_empty_area=False))
            for name, sheet in found.items()
        }
    except Exception as error:  # whatever a broken file makes the reader stumble over
        raise UnableToReadForm("An Excel file (.xlsx) of at most 2 MB is expected.") from error


def _sheet(name: str, rows: list[list[Any]]) -> Sheet:
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(cell != "" for cell in row)]
    if not filled:
        return Sheet(name)
    columns: dict[str, int] = {}
    for at, header in enumerate(filled[0][1]):
        base = text_of(header).split("::")[0].strip().lower().replace(" ", "_")
        if base:
            columns.setdefault({"relevance": "relevant"}.get(base, base), at)
    return Sheet(name, columns, filled[1:])


def _letter(at: int) -> str:
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_of(value: object) -> str:
    """Return a cell as text; a whole number without its point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
