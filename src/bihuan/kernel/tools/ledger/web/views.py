"""Reading a book: which there are, its trial balance, an account's card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry.web import StepRequest, step, who_of
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import MAY_READ, Book, Card, Kind, Trial
from bihuan.kernel.tools.ledger.web import sheets
from bihuan.platform import clock
from bihuan.platform.ui.values import Empty, NavLink
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page


class UnableToReadDays(Refused):
    """The span of days is no span."""


@dataclass(frozen=True, slots=True)
class BooksPage:
    """The books that the reader may see."""

    books: tuple[Book, ...]
    nav: tuple[NavLink, ...]
    who: str
    empty: Empty


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A trial balance with the span it was asked for."""

    trial: Trial
    days: str
    nav: tuple[NavLink, ...]
    who: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """An account's card with the span it was asked for."""

    card: Card
    kind: str
    days: str
    next_href: str
    nav: tuple[NavLink, ...]
    who: str


def kind_words(kind: Kind) -> str:
    """Return a kind of account in words."""
    return {
        Kind.ASSET: _("Asset"),
        Kind.LIABILITY: _("Liability"),
        Kind.EQUITY: _("Equity"),
        Kind.INCOME: _("Income"),
        Kind.EXPENSE: _("Expense"),
    }[kind]


@step(power=MAY_READ, methods=("GET",))
def books(request: StepRequest) -> HttpResponse:
    """List the books in the reader's area."""
    shown = BooksPage(
        ledger.list_books(scope=request.scope),
        _nav(),
        who_of(request),
        Empty(_("No book is kept in your area yet.")),
    )
    return page(request, "ledger/books.html", shown)


@step(power=MAY_READ, methods=("GET",))
def trial(request: StepRequest, book: str) -> HttpResponse:
    """Show the trial balance of a book."""
    first, last = _span(request)
    found = ledger.get_trial(book, first=first, last=last, scope=request.scope)
    shown = TrialPage(found, _days(first, last), _nav(), who_of(request))
    return page(request, "ledger/trial.html", shown)


@step(power=MAY_READ, methods=("GET",))
def trial_sheet(request: StepRequest, book: str) -> HttpResponse:
    """Give the trial balance as a workbook."""
    first, last = _span(request)
    found = ledger.get_trial(book, first=first, last=last, scope=request.scope)
    return sheets.answer(sheets.trial_book(found), f"{book}-{first}-{last}.xlsx")


@step(power=MAY_READ, methods=("GET",))
def card(request: StepRequest, book: str, account: str) -> HttpResponse:
    """Show an account's card, fifty lines a page."""
    first, last = _span(request)
    found = ledger.get_card(
        book,
        account,
        first=first,
        last=last,
        scope=request.scope,
        start=request.GET.get("start", ""),
    )
    days = _days(first, last)
    shown = CardPage(
        card=found,
        kind=kind_words(found.account.kind),
        days=days,
        next_href=f"?{days}&start={found.next}" if found.next else "",
        nav=_nav(),
        who=who_of(request),
    )
    return page(request, "ledger/card.html", shown)


@step(power=MAY_READ, methods=("GET",))
def card_sheet(request: StepRequest, book: str, account: str) -> HttpResponse:
    """Give an account's whole card as a workbook."""
    first, last = _span(request)
    found = ledger.get_card(book, account, first=first, last=last, scope=request.scope, limit=None)
    name = f"{book}-{found.account.id}-{first}-{last}.xlsx"
    return sheets.answer(sheets.card_book(found), name)


def _span(request: StepRequest) -> tuple[date, date]:
    today = clock.business_date(request.at)
    first = _day(request.GET.get("from", ""), today.replace(month=1, day=1))
    last = _day(request.GET.get("to", ""), today)
    if first > last:
        raise UnableToReadDays("The first day lies after the last one. Swap them.", field="from")
    return first, last


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnableToReadDays("A day is written like 2026-09-01.", field="from") from None


def _days(first: date, last: date) -> str:
    return urlencode({"from": first, "to": last})


def _nav() -> tuple[NavLink, ...]:
    return (NavLink(reverse("ledger:books"), "stack-2", _("Books"), current=True),)
