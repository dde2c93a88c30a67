"""Reads a labelled table of any make: CSV or XLSX, UTF-8 or GBK; says plainly what is wrong."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

MOST_BYTES = 400 * 2**20
MOST_ROWS = 2_000_000
ENCODINGS = ("utf-8-sig", "gb18030")
MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SEPARATORS = ",\t;|"


class UnableToReadTable(ValueError):
    """A table is no table, or lacks what was asked for; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows of a table: the texts of each row, by column, and its label."""

    columns: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    left_out: tuple[int, ...] = ()
    """Line numbers of rows without any text or without a label."""


def read_labelled(path: Path, *, texts: Sequence[str], label: str) -> Labelled:
    """Return the rows of the table at `path` with the columns `texts` and `label`.

    Raises:
        UnableToReadTable: no such file, no table, a column missing or doubled, no row left.
    """
    if len(set(texts)) < len(texts) or label in texts:
        raise UnableToReadTable("Name each column once; the label is none of the texts.")
    rows = _rows(path)
    header = [cell.strip() for cell in next(rows, [])]
    where = [_place(name, header, path) for name in texts]
    at = _place(label, header, path)
    kept: list[tuple[str, ...]] = []
    labels: list[str] = []
    left: list[int] = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        _check_width(row, header, number, path)
        cells = tuple(row[i].strip() if i < len(row) else "" for i in where)
        name = row[at].strip() if at < len(row) else ""
        if not name or not any(cells):
            left.append(number)
            continue
        kept.append(cells)
        labels.append(name)
    if not kept:
        raise UnableToReadTable(f"{path.name}: no row has both a text and a label.")
    return Labelled(tuple(texts), tuple(kept), tuple(labels), tuple(left))


def _place(name: str, header: list[str], path: Path) -> int:
    found = [i for i, cell in enumerate(header) if cell == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnableToReadTable(f"{path.name}: column “{name}” stands {len(found)} times.")
    known = ", ".join(f"“{cell}”" for cell in header if cell) or "none"
    raise UnableToReadTable(f"{path.name}: no column “{name}”. Its columns: {known}.")


def _check_width(row: list[str], header: list[str], number: int, path: Path) -> None:
    if any(cell.strip() for cell in row[len(header) :]):
        raise UnableToReadTable(
            f"{path.name}, row {number}: {len(row)} cells under {len(header)} headings. "
            "Is a separator or a quotation mark wrong?"
        )


def _rows(path: Path) -> Iterator[list[str]]:
    if not path.is_file():
        raise UnableToReadTable(f"There is no file {path}.")
    if path.stat().st_size > MOST_BYTES:
        raise UnableToReadTable(f"{path.name} is larger than {MOST_BYTES >> 20} MiB.")
    raw = path.read_bytes()
    if raw[:4] == b"PK\x03\x04" or raw[:4] == b"\xd0\xcf\x11\xe0":
        return _sheet(raw, path)
    return _csv(_decoded(raw, path), path)


def _sheet(raw: bytes, path: Path) -> Iterator[list[str]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS)
    except (CalamineError, OSError, ValueError) as wrong:
        raise UnableToReadTable(f"{path.name} is no readable workbook: {wrong}") from wrong
    for row in found:
        yield [_cell(value) for value in row]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _decoded(raw: bytes, path: Path) -> str:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="strict")
    if b"\0" in raw[:4096]:
        raise UnableToReadTable(f"{path.name} is neither a CSV file nor a workbook.")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnableToReadTable(f"{path.name} is written neither in UTF-8 nor in GBK (GB 18030).")


def _csv(text: str, path: Path) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    csv.field_size_limit(16 * 2**20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as wrong:
        raise UnableToReadTable(f"{path.name}, line {reader.line_num}: {wrong}.") from wrong
