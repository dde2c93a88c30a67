"""Workbooks: amounts as numbers in yuan with two places, text as text, never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from bihuan.kernel.tools.ledger.types import Card, Trial

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[str | Decimal]

WIDTHS = {"A": 14, "B": 30, "C": 30, "D": 18, "E": 18, "F": 18}


def yuan(fen: int) -> Decimal:
    """Return fen as yuan, exactly."""
    return Decimal(fen) / 100


def trial_book(trial: Trial) -> bytes:
    """Return a trial balance as a workbook."""
    head = [_("Code"), _("Ledger account"), _("Opening"), _("Debit"), _("Credit"), _("Closing")]
    lines: list[Row] = [
        [
            line.account.code,
            line.account.name,
            yuan(line.opening_fen),
            yuan(line.debit_fen),
            yuan(line.credit_fen),
            yuan(line.closing_fen),
        ]
        for line in trial.lines
    ]
    total: Row = ["", _("Total"), "", yuan(trial.debit_fen), yuan(trial.credit_fen), ""]
    title = f"{trial.book.name} {trial.first} – {trial.last}"
    return write(title, head, [*lines, total])


def card_book(card: Card) -> bytes:
    """Return an account's card as a workbook."""
    head = [_("Day"), _("What"), _("Key"), _("Debit"), _("Credit"), _("Balance")]
    opening: Row = [str(card.first), _("Opening"), "", "", "", yuan(card.opening_fen)]
    lines: list[Row] = [
        [
            str(line.day),
            line.words,
            line.key,
            yuan(line.debit_fen) if line.debit_fen else "",
            yuan(line.credit_fen) if line.credit_fen else "",
            yuan(line.balance_fen),
        ]
        for line in card.lines
    ]
    total: Row = [
        str(card.last),
        _("Total"),
        "",
        yuan(card.debit_fen),
        yuan(card.credit_fen),
        yuan(card.closing_fen),
    ]
    title = f"{card.book.name} {card.account.code} {card.account.name}"
    return write(title, head, [opening, *lines, total])


def write(title: str, head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a workbook of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.append([_cell(sheet, title, bold=True)])
    sheet.append([_cell(sheet, words, bold=True) for words in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: str | Decimal, *, bold: bool = False) -> Cell:
    """Return an amount as an exact number, anything else as text: what begins with = too."""
    cell = WriteOnlyCell(sheet)
    cell.value = value
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    else:
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def answer(content: bytes, name: str) -> HttpResponse:
    """Return a workbook as a download."""
    response = HttpResponse(content, content_type=TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
