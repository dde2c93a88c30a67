"""Tables of any make are read; what is wrong is said with its place."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from bihuan.platform.learning.tables import UnableToReadTable, read_labelled

FORMATS = "http://schemas.openxmlformats.org"
OFFICE = f"{FORMATS}/officeDocument/2006/relationships"
PACKAGE = f"{FORMATS}/package/2006/relationships"
NAMES = f'xmlns="{FORMATS}/spreadsheetml/2006/main" xmlns:r="{OFFICE}"'
ROWS = [["主题", "详情", "部门"], ["路灯", "三盏，不亮", "城管"], ["停水", "", "水务"]]


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_same_rows_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    found = read_labelled(
        write(tmp_path / "t.csv", ROWS, encoding), texts=["详情", "主题"], label="部门"
    )
    assert found.texts == (("三盏，不亮", "路灯"), ("", "停水"))
    assert (found.labels, found.left_out) == (("城管", "水务"), ())


def test_a_workbook(tmp_path: Path) -> None:
    write_workbook(tmp_path / "t.xlsx", ROWS)
    found = read_labelled(tmp_path / "t.xlsx", texts=["主题"], label="部门")
    assert (found.texts, found.labels) == ((("路灯",), ("停水",)), ("城管", "水务"))


def write_workbook(path: Path, rows: list[list[str]]) -> None:
    """Write the least that is a workbook: one sheet of words."""
    cells = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("_rels/.rels", related("officeDocument", "xl/workbook.xml"))
        book.writestr("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/a.xml"))
        sheets = '<sheets><sheet name="a" sheetId="1" r:id="s"/></sheets>'
        book.writestr("xl/workbook.xml", f"<workbook {NAMES}>{sheets}</workbook>")
        sheet = f"<worksheet {NAMES}><sheetData>{cells}</sheetData></worksheet>"
        book.writestr("xl/worksheets/a.xml", sheet)


def cell(words: str) -> str:
    return f'<c t="inlineStr"><is><t>{words}</t></is></c>'


def related(kind: str, target: str) -> str:
    link = f'<Relationship Id="s" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>'


def test_rows_without_text_or_label_are_left_out_by_number(tmp_path: Path) -> None:
    rows = [*ROWS, ["灯", "", ""], ["", "", "城管"], ["", "", ""]]
    found = read_labelled(write(tmp_path / "t.csv", rows), texts=["主题", "详情"], label="部门")
    assert (len(found.labels), found.left_out) == (2, (4, 5))


@pytest.mark.parametrize(
    ("rows", "texts", "said"),
    [
        (ROWS, ["标题"], "no column “标题”. Its columns: “主题”, “详情”, “部门”"),
        ([["主题", "主题", "部门"], ["a", "b", "c"]], ["主题"], "column “主题” stands 2 times"),
        (ROWS, ["部门"], "the label is none of the texts"),
        ([["主题", "部门"], ["灯", ""]], ["主题"], "no row has both a text and a label"),
        ([["主题", "部门"], ["灯", "城管", "x"]], ["主题"], "row 2: 3 cells under 2 headings"),
        ([], ["主题"], "no column “主题”. Its columns: none"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, rows: list, texts: list[str], said: str) -> None:
    with pytest.raises(UnableToReadTable) as wrong:
        read_labelled(write(tmp_path / "t.csv", rows), texts=texts, label="部门")
    assert said in str(wrong.value)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for name, raw, said in (
        ("a.csv", b"\x81\xff\xff,\xff\n", "neither in UTF-8 nor in GBK"),
        ("b.csv", b"\x00\x01\x02", "neither a CSV file nor a workbook"),
        ("c.xlsx", b"PK\x03\x04 broken", "no readable workbook"),
        ("d.csv", '主题,部门\n"灯,城管\n'.encode(), "line"),
    ):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(UnableToReadTable) as wrong:
            read_labelled(tmp_path / name, texts=["主题"], label="部门")
        assert said in str(wrong.value)
    with pytest.raises(UnableToReadTable, match="no file"):
        read_labelled(tmp_path / "none.csv", texts=["主题"], label="部门")
