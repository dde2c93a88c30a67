"""Reading a file row by row: CSV in UTF-8 or GB18030, and workbooks. Memory stays flat for CSV."""

from __future__ import annotations

import codecs
import csv
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.importing.types import Row

PIECE = 1 << 16
LARGEST_UNPACKED = 400 * 1024 * 1024
DELIMITERS = ",\t;|"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OTHER_KINDS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "GZIP",
}


class UnableToRead(Refused):
    """The file cannot be read; the words say what it is and how to save it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read: its headers, and its rows again and again."""

    path: Path
    encoding: str
    """``utf-8``, ``utf-16``, ``gb18030``, or ``workbook``."""
    headers: tuple[str, ...]
    delimiter: str = ","

    def rows(self) -> Iterator[Row]:
        """Yield the rows behind the headers; rows without any contents are passed over.

        Raises:
            UnableToRead: the file breaks off inside.
        """
        lines: Iterator[Sequence[object]] = (
            _sheet(self.path) if self.encoding == "workbook" else self._lines()
        )
        started = False
        for no, cells in enumerate(lines, 1):
            if not any(str(cell).strip() for cell in cells):
                continue
            if not started:
                started = True
                continue
            yield Row(no, tuple(cells))

    def _lines(self) -> Iterator[list[str]]:
        with self.path.open(encoding=_codec(self.encoding), newline="") as file:
            lines = csv.reader(file, delimiter=self.delimiter)
            while True:
                try:
                    line = next(lines, None)
                except csv.Error as error:
                    raise UnableToRead(
                        "Row %(row)s cannot be read: a quotation mark may be open. Mend it and "
                        "send the file again.",
                        code="broken_csv",
                        row=lines.line_num,
                    ) from error
                if line is None:
                    return
                yield line


def digest_of(path: Path) -> str:
    """Return the hash by which a file is known."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_table(path: Path, *, name: str = "") -> Table:
    """Look at a file and return its table.

    Raises:
        UnableToRead: it is empty, of another kind, in an unknown encoding, or without headers.
    """
    if not path.is_file():
        raise UnableToRead("There is no file %(name)s.", code="no_file", name=name or str(path))
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise UnableToRead("The file is empty.", code="empty_file")
    kind = next((kind for sign, kind in OTHER_KINDS.items() if start.startswith(sign)), "")
    if kind:
        raise UnableToRead(
            "This is a %(kind)s file. Save the table as XLSX or CSV and send that.",
            code="other_kind",
            kind=kind,
        )
    table = _workbook(path) if start.startswith((ZIP, OLE)) else _csv(path)
    if not any(table.headers):
        raise UnableToRead("The file has no row of headers.", code="no_headers")
    return table


# -- workbooks ------------------------------------------------------------------------------------


def _workbook(path: Path) -> Table:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                unpacked = sum(item.file_size for item in packed.infolist())
            if unpacked > LARGEST_UNPACKED:
                raise UnableToRead(
                    "Unpacked, this workbook is larger than 400 MB. Split it.", code="too_large"
                )
        headers = next((cells for cells in _sheet(path) if any(map(str, cells))), [])
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError) as error:
        raise UnableToRead(
            "This is no workbook that can be read, or it is damaged or locked with a password. "
            "Save it as XLSX without a password and send it again.",
            code="broken_workbook",
        ) from error
    return Table(path, "workbook", tuple(str(cell).strip() for cell in headers))


def _sheet(path: Path) -> Iterator[Sequence[object]]:
    with closing(python_calamine.CalamineWorkbook.from_path(str(path))) as book:
        names = book.sheet_names
        if not names:
            return
        yield from book.get_sheet_by_name(names[0]).iter_rows()


# -- text -----------------------------------------------------------------------------------------


def _csv(path: Path) -> Table:
    encoding = _encoding(path)
    with path.open(encoding=_codec(encoding), newline="") as file:
        first = next((line for line in file if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count) if any(map(first.count, DELIMITERS)) else ","
    if "\x00" in first or first.lstrip().lower().startswith(("<html", "<!doctype", "<table", "{")):
        raise UnableToRead(
            "This is a %(kind)s file. Save the table as XLSX or CSV and send that.",
            code="other_kind",
            kind="HTML" if first.lstrip().startswith("<") else "binary",
        )
    table = Table(path, encoding, (), delimiter)
    lines = table._lines()
    headers = next((line for line in lines if any(cell.strip() for cell in line)), [])
    return Table(path, encoding, tuple(cell.strip() for cell in headers), delimiter)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _known(path, "utf-16")
    return "utf-8" if _decodes(path, "utf-8") < 0 else _known(path, "gb18030")


def _known(path: Path, encoding: str) -> str:
    place = _decodes(path, encoding)
    if place >= 0:
        raise UnableToRead(
            "The file is neither UTF-8 nor GB18030 (GBK): byte %(place)s fits neither. In Excel "
            "choose “Save as”, “CSV UTF-8”, and send it again.",
            code="encoding",
            place=place + 1,
        )
    return encoding


def _decodes(path: Path, encoding: str) -> int:
    """Return the byte at which a file is not of an encoding, or -1. It is read in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    passed = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(PIECE)
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return max(0, passed + error.start)
            if not piece:
                return -1
            passed += len(piece)


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding
