"""Files that go out: the template, and the wrong cells of an import."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from bihuan.platform.ui.values import RowError

TEMPLATE = (
    ("工单编号", 18, "JX2606240001"),
    ("受理时间", 18, "2026-06-24 09:30"),
    ("标题", 28, "秦山路路灯三盏不亮"),
    ("诉求内容", 60, "秦山路公交站东侧路灯三盏不亮，晚上看不清路，请派人来看。"),
    ("所属区域", 24, "海盐县望海街道新兴社区"),
)
"""Headers, widths and one row to be replaced. Chinese, as the files of other centres are."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def template_workbook() -> bytes:
    """Return the workbook that people fill in."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "诉求"
    sheet.append([name for name, _width, _example in TEMPLATE])
    sheet.append([example for _name, _width, example in TEMPLATE])
    for n, (_name, width, _example) in enumerate(TEMPLATE, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
        sheet.cell(1, n).font = Font(bold=True)
        sheet.cell(2, n).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_errors(errors: Iterable[RowError], out: io.TextIOBase) -> int:
    """Write wrong cells as CSV that Excel opens; return how many.

    A cell that a spreadsheet would compute is written behind an apostrophe.
    """
    lines = csv.writer(out)
    lines.writerow([_("Row"), _("Column"), _("Written"), _("How to mend")])
    count = 0
    for error in errors:
        lines.writerow([error.row, *map(harmless, (error.column, error.written, error.mend))])
        count += 1
    return count


def harmless(words: str) -> str:
    """Return words that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(DANGEROUS) else words
