"""Workbooks: amounts as numbers in yuan with two places, text as text, never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bihuan.kernel.tools.ledger.types import Card, Trial

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[str | Decimal]

SAFE = {
    "in_memory": True,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


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
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, SAFE) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 2, 30)
        sheet.set_column(3, 5, 18)
        sheet.write_string(0, 0, title, bold)
        for column, words in enumerate(head):
            sheet.write_string(1, column, words, bold)
        for n, row in enumerate(rows, start=2):
            for column, value in enumerate(row):
                if isinstance(value, Decimal):
                    sheet.write_number(n, column, float(value), money)
                else:
                    sheet.write_string(n, column, value)
    return kept.getvalue()


def answer(content: bytes, name: str) -> HttpResponse:
    """Return a workbook as a download."""
    response = HttpResponse(content, content_type=TYPE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
