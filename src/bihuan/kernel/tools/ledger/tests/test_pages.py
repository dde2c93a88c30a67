"""Cards, trial balances and workbooks: sums, pages, powers."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import JIASHAN, NOW, make_cast
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.tests.conftest import DAY, Books
from bihuan.kernel.tools.ledger.web import sheets
from bihuan.platform.accounts.testing import sign_in

SPAN = {"first": DAY, "last": DAY + timedelta(days=9)}
DAYS = "?from=2026-09-02&to=2026-09-11"


@pytest.fixture
def filled(books: Books) -> Books:
    """Return a book with one entry before the span, 60 in it, one after."""
    entries = [
        books.entry(f"o{n}", ("wechat", 100 + n), ("fiscal", -100 - n), day=day)
        for n, day in enumerate(
            [
                DAY - timedelta(days=3),
                *(DAY + timedelta(days=n % 5) for n in range(60)),
                DAY + timedelta(days=30),
            ]
        )
    ]
    ledger.post_entries(books.book.id, entries, scope=books.scope, at=NOW)
    return books


class TestCard:
    def test_pages_continue_the_running_balance(self, filled: Books) -> None:
        whole = ledger.get_card("fees", "wechat", scope=filled.scope, limit=None, **SPAN)
        assert (whole.opening_fen, len(whole.lines)) == (100, 60)
        assert whole.closing_fen == 100 + sum(100 + n for n in range(1, 61))
        assert whole.lines[-1].balance_fen == whole.closing_fen
        first = ledger.get_card("fees", "wechat", scope=filled.scope, **SPAN)
        second = ledger.get_card("fees", "wechat", scope=filled.scope, start=first.next, **SPAN)
        assert (*first.lines, *second.lines) == whole.lines
        assert (len(first.lines), second.next) == (50, "")

    def test_shows_the_normal_side(self, filled: Books) -> None:
        card = ledger.get_card("fees", "fiscal", scope=filled.scope, limit=None, **SPAN)
        assert card.opening_fen == 100
        assert card.lines[0].credit_fen > 0
        assert card.closing_fen == card.opening_fen + card.credit_fen

    def test_a_made_up_start_begins_at_the_beginning(self, filled: Books) -> None:
        for start in ("x", "20269999-1-1", "20260901-0-0"):
            card = ledger.get_card("fees", "wechat", scope=filled.scope, start=start, **SPAN)
            assert card.lines[0].day == DAY


class TestTrial:
    def test_both_pairs_of_sums_agree(self, filled: Books) -> None:
        trial = ledger.get_trial("fees", scope=filled.scope, **SPAN)
        assert trial.balanced
        assert trial.debit_fen == trial.credit_fen == sum(100 + n for n in range(1, 61))
        assert [line.account.code for line in trial.lines] == sorted(filled.accounts)


@pytest.mark.parametrize("name", ["trial", "trial_sheet", "card", "card_sheet", "books"])
class TestPowers:
    def address(self, name: str) -> str:
        given = {"books": [], "card": ["fees", "wechat"], "card_sheet": ["fees", "wechat"]}
        return reverse(f"ledger:{name}", args=given.get(name, ["fees"])) + DAYS

    def test_the_auditor_of_the_county_reads(self, filled: Books, name: str) -> None:
        cast = make_cast()
        answer = sign_in(Client(), cast.account("auditor")).get(self.address(name))
        assert answer.status_code == 200
        if name.endswith("sheet"):
            assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
        elif name != "books":
            assert "78.30" in answer.content.decode()
            assert "微信在途" in answer.content.decode()

    def test_nobody_else_does(self, filled: Books, name: str) -> None:
        cast = make_cast()
        for who in ("lu", "mei", "leader", "system"):
            assert sign_in(Client(), cast.account(who)).get(self.address(name)).status_code == 403
        assert Client().get(self.address(name)).status_code in {302, 303}


def test_a_book_elsewhere_sounds_like_none(filled: Books) -> None:
    path = registry.get_area(JIASHAN).path
    elsewhere = dataclasses.replace(filled.scope, area_paths=(path,))
    said = []
    for code in ("fees", "nowhere"):
        with pytest.raises(ledger.UnableToFindBook) as refusal:
            ledger.get_trial(code, scope=elsewhere, **SPAN)
        said.append(refusal.value.words)
    assert said[0] == said[1]


def test_a_wrong_span_is_explained(filled: Books) -> None:
    client = sign_in(Client(), make_cast().account("auditor"))
    for days in ("?from=2026-09-09&to=2026-09-01", "?from=yesterday"):
        assert client.get(reverse("ledger:trial", args=["fees"]) + days).status_code == 422


def cells_of(content: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_workbook_says_what_the_trial_says(filled: Books) -> None:
    trial = ledger.get_trial("fees", scope=filled.scope, **SPAN)
    _title, _head, *lines, total = cells_of(sheets.trial_book(trial))
    told = [(line[0], round(line[3] * 100), round(line[4] * 100)) for line in lines]
    assert told == [(x.account.code, x.debit_fen, x.credit_fen) for x in trial.lines]
    assert (round(total[3] * 100), round(total[4] * 100)) == (trial.debit_fen, trial.credit_fen)


def test_words_in_a_workbook_are_never_a_formula_and_amounts_are_exact() -> None:
    content = sheets.write("=1+1", ["+head"], [["=HYPERLINK(1)", Decimal("9999999999999.99")]])
    sheet = load_workbook(io.BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.data_type for cell in cells] == ["s", "s", "s", "n"]
    assert sheet["A3"].value == "=HYPERLINK(1)"
    inside = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<v>9999999999999.99</v>" in inside
