"""Account cards and trial balances, summed by the database from the index of legs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger.models import AccountRow
from bihuan.kernel.tools.ledger.queries.standing import find_book, get_account, to_account
from bihuan.kernel.tools.ledger.types import (
    Account,
    Book,
    Card,
    CardLine,
    EntryId,
    Trial,
    TrialLine,
)

PAGE = 50

SUMS = """
SELECT coalesce(sum(amount_fen) FILTER (WHERE day < %(first)s), 0),
       coalesce(sum(amount_fen) FILTER (WHERE day >= %(first)s AND amount_fen > 0), 0),
       coalesce(-sum(amount_fen) FILTER (WHERE day >= %(first)s AND amount_fen < 0), 0)
  FROM ledger_leg WHERE account_id = %(account)s AND day <= %(last)s
"""
BEFORE = """
SELECT coalesce(sum(amount_fen), 0) FROM ledger_leg
 WHERE account_id = %(account)s AND (day, entry_id, no) < (%(day)s, %(entry)s, %(no)s)
"""
LINES = """
SELECT l.day, l.entry_id, l.no, l.amount_fen, e.words, e.key, e.reverses_id
  FROM ledger_leg l JOIN ledger_entry e ON e.id = l.entry_id
 WHERE l.account_id = %(account)s AND l.day <= %(last)s
   AND (l.day, l.entry_id, l.no) >= (%(day)s, %(entry)s, %(no)s)
 ORDER BY l.day, l.entry_id, l.no LIMIT %(limit)s
"""
TRIAL = """
SELECT account_id,
       coalesce(sum(amount_fen) FILTER (WHERE l.day < %(first)s), 0),
       coalesce(sum(amount_fen) FILTER (WHERE l.day >= %(first)s AND amount_fen > 0), 0),
       coalesce(-sum(amount_fen) FILTER (WHERE l.day >= %(first)s AND amount_fen < 0), 0)
  FROM ledger_leg l JOIN ledger_account a ON a.id = l.account_id
 WHERE a.book_id = %(book)s AND l.day <= %(last)s GROUP BY account_id
"""


def get_card(
    book_code: str,
    account_code: str,
    *,
    first: date,
    last: date,
    scope: Scope,
    start: str = "",
    limit: int | None = PAGE,
) -> Card:
    """Return an account's card over a span of days: opening, lines with running balance, closing.

    `start` is where a page begins, as the page before it said; `limit` None gives every line.

    Raises:
        UnableToFindBook, UnableToFindAccount: not there, or not for this scope.
    """
    book = find_book(book_code, scope=scope)
    account = get_account(book.id, account_code)
    sums = _one(SUMS, account=account.id, first=first, last=last)
    where: dict[str, Any] = {"account": account.id, "last": last} | _position(start, first)
    running = _one(BEFORE, **where)[0]
    found = _all(LINES, **where, limit=limit + 1 if limit else None)
    shown = found[:limit]
    more = found[limit] if limit and len(found) > limit else None
    sign = account.kind.sign
    return Card(
        book=book,
        account=account,
        first=first,
        last=last,
        opening_fen=sign * int(sums[0]),
        debit_fen=int(sums[1]),
        credit_fen=int(sums[2]),
        closing_fen=sign * int(sums[0] + sums[1] - sums[2]),
        lines=tuple(_lines(shown, int(running), sign)),
        next=f"{more[0]:%Y%m%d}-{more[1]}-{more[2]}" if more else "",
    )


def _position(start: str, first: date) -> dict[str, Any]:
    try:
        day, entry, no = start.split("-")
        begin = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        return {"day": max(begin, first), "entry": int(entry), "no": int(no)}
    except ValueError:
        return {"day": first, "entry": 0, "no": 0}


def _lines(rows: list[tuple[Any, ...]], running: int, sign: int) -> Iterator[CardLine]:
    for day, entry_id, no, amount, words, key, reverses in rows:
        running += amount
        yield CardLine(
            entry_id=EntryId(entry_id),
            no=no,
            day=day,
            words=words,
            key=key,
            debit_fen=max(amount, 0),
            credit_fen=max(-amount, 0),
            balance_fen=sign * running,
            reverses=EntryId(reverses) if reverses is not None else None,
        )


def get_trial(book_code: str, *, first: date, last: date, scope: Scope) -> Trial:
    """Return the trial balance of a book over a span of days.

    Raises:
        UnableToFindBook: not there, or not for this scope.
    """
    book = find_book(book_code, scope=scope)
    sums = {
        row[0]: (int(row[1]), int(row[2]), int(row[3]))
        for row in _all(TRIAL, book=book.id, first=first, last=last)
    }
    accounts = AccountRow.objects.filter(book_id=book.id).order_by("code")
    lines = tuple(_trial_line(to_account(row), sums.get(row.pk, (0, 0, 0))) for row in accounts)
    return _trial(book, first, last, lines)


def _trial_line(account: Account, sums: tuple[int, int, int]) -> TrialLine:
    opening, debit, credit = sums
    sign = account.kind.sign
    return TrialLine(account, sign * opening, debit, credit, sign * (opening + debit - credit))


def _trial(book: Book, first: date, last: date, lines: tuple[TrialLine, ...]) -> Trial:
    signed = [line.account.kind.sign * line.closing_fen for line in lines]
    return Trial(
        book=book,
        first=first,
        last=last,
        lines=lines,
        debit_fen=sum(line.debit_fen for line in lines),
        credit_fen=sum(line.credit_fen for line in lines),
        closing_debit_fen=sum(amount for amount in signed if amount > 0),
        closing_credit_fen=-sum(amount for amount in signed if amount < 0),
    )


def _all(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def _one(sql: str, **given: Any) -> tuple[int, ...]:
    return tuple(int(value) for value in _all(sql, **given)[0])
