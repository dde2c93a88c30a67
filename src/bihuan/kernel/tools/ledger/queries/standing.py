"""Books, accounts, entries and balances as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet, Sum

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger.models import AccountRow, BalanceRow, BookRow, EntryRow
from bihuan.kernel.tools.ledger.policies import UnableToFindBook, readable
from bihuan.kernel.tools.ledger.types import (
    Account,
    AccountId,
    Balance,
    Book,
    BookId,
    Entry,
    EntryId,
    Kind,
    Leg,
)
from bihuan.platform.web.errors import NotFound


class UnableToFindAccount(NotFound):
    """The book has no such account."""


class UnableToFindEntry(NotFound):
    """No such entry was ever posted."""


def to_book(row: BookRow) -> Book:
    """Return the row as a value."""
    return Book(BookId(row.pk), row.code, row.name, row.area_path, row.open_from)


def to_account(row: AccountRow) -> Account:
    """Return the row as a value."""
    return Account(
        id=AccountId(row.pk),
        book_id=BookId(row.book_id),
        code=row.code,
        name=row.name,
        kind=Kind(row.kind),
        restricted=row.restricted,
    )


def get_book(book_id: BookId) -> Book:
    """Return a book, for who asks on behalf of a rule; pages use `find_book`.

    Raises:
        UnableToFindBook: there is none.
    """
    row = BookRow.objects.filter(pk=book_id).first()
    if row is None:
        raise UnableToFindBook("There is no such book, or it is not in your care.")
    return to_book(row)


def find_book(code: str, *, scope: Scope) -> Book:
    """Return the book called `code` that `scope` may read.

    Raises:
        UnableToFindBook: there is none, or none for this scope; both sound the same.
    """
    row = BookRow.objects.filter(readable(scope), code=code).first()
    if row is None:
        raise UnableToFindBook("There is no such book, or it is not in your care.")
    return to_book(row)


def list_books(*, scope: Scope) -> tuple[Book, ...]:
    """Return the books that `scope` may read, by code."""
    return tuple(to_book(row) for row in BookRow.objects.filter(readable(scope)).order_by("code"))


def get_account(book_id: BookId, code: str) -> Account:
    """Return an account of a book.

    Raises:
        UnableToFindAccount: there is none.
    """
    row = AccountRow.objects.filter(book_id=book_id, code=code).first()
    if row is None:
        raise UnableToFindAccount("This book has no such account.")
    return to_account(row)


def book_of(account_id: AccountId) -> BookId:
    """Return the book in which an account stands."""
    found = AccountRow.objects.filter(pk=account_id).values_list("book_id", flat=True).first()
    if found is None:
        raise UnableToFindAccount("This book has no such account.")
    return BookId(found)


def accounts_by_code(book_id: BookId, codes: Iterable[str]) -> dict[str, Account]:
    """Return the accounts of a book that stand under `codes`."""
    rows = AccountRow.objects.filter(book_id=book_id, code__in=list(codes))
    return {row.code: to_account(row) for row in rows}


def get_entry(entry_id: EntryId) -> Entry:
    """Return an entry with its legs.

    Raises:
        UnableToFindEntry: there is none.
    """
    found = _entries(EntryRow.objects.filter(pk=entry_id))
    if not found:
        raise UnableToFindEntry("There is no such entry.")
    return found[0]


def entries_by_key(book_id: BookId, keys: Sequence[str]) -> dict[str, Entry]:
    """Return the entries of a book that stand under `keys`."""
    rows = EntryRow.objects.filter(book_id=book_id, key__in=list(keys))
    return {entry.key: entry for entry in _entries(rows)}


def _entries(rows: QuerySet[EntryRow]) -> list[Entry]:
    found = rows.select_related("reversed_by").prefetch_related("legs")
    return [_entry(row) for row in found]


def _entry(row: EntryRow) -> Entry:
    undone = getattr(row, "reversed_by", None)
    legs = sorted(row.legs.all(), key=lambda leg: leg.no)
    return Entry(
        id=EntryId(row.pk),
        book_id=BookId(row.book_id),
        key=row.key,
        day=row.day,
        words=row.words,
        legs=tuple(Leg(AccountId(leg.account_id), leg.amount_fen) for leg in legs),
        at=row.at,
        cause=Ref(row.cause_kind, row.cause_key) if row.cause_key else None,
        reverses=EntryId(row.reverses_id) if row.reverses_id else None,
        reversed_by=EntryId(undone.pk) if undone else None,
    )


def balances_of(book_id: BookId) -> tuple[Balance, ...]:
    """Return the kept balance of each account of a book, by code, in two statements."""
    sums = {
        row["account_id"]: (row["debits"], row["credits"])
        for row in BalanceRow.objects.filter(account__book_id=book_id)
        .values("account_id")
        .annotate(debits=Sum("debit_fen"), credits=Sum("credit_fen"))
    }
    accounts = AccountRow.objects.filter(book_id=book_id).order_by("code")
    return tuple(Balance(to_account(row), *sums.get(row.pk, (0, 0))) for row in accounts)
