"""Opening books and accounts; locking days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import policies, queries
from bihuan.kernel.tools.ledger.facts import AccountsOpened, BookOpened, PeriodLocked
from bihuan.kernel.tools.ledger.models import AccountRow, BookRow
from bihuan.kernel.tools.ledger.types import (
    MAY_KEEP,
    MAY_LOCK,
    Account,
    Book,
    BookId,
    NewAccount,
    book_ref,
)
from bihuan.platform.web.errors import Refused


class UnableToOpenAccount(Refused):
    """The code stands already, and means something else."""


class UnableToLock(Refused):
    """The day cannot be the first open one."""


def open_book(code: str, *, name: str, area_code: str, scope: Scope, at: datetime) -> Book:
    """Open a book for an area; a code that stands already is returned as it is.

    Raises:
        NotAllowed: the scope keeps no books there.
    """
    area = registry.get_area(area_code)
    policies.require(scope, MAY_KEEP, area.path)
    with transaction.atomic():
        row, made = BookRow.objects.get_or_create(
            code=code,
            defaults={"name": name, "area_id": area.id, "area_path": area.path, "opened_at": at},
        )
        policies.require(scope, MAY_KEEP, row.area_path)
        if made:
            fact = BookOpened(book_ref(BookId(row.pk)), code=code, area_path=area.path)
            events.record(fact, origin=scope.origin, at=at)
    return queries.to_book(row)


def open_accounts(
    book_id: BookId, new: Sequence[NewAccount], *, scope: Scope, at: datetime
) -> tuple[Account, ...]:
    """Open accounts, in two statements however many; those that stand already are returned.

    Raises:
        UnableToOpenAccount: a code stands with another kind or restriction.
    """
    book = queries.get_book(book_id)
    policies.require(scope, MAY_KEEP, book.area_path)
    rows = [
        AccountRow(
            book_id=book_id,
            code=account.code,
            name=account.name,
            kind=account.kind.value,
            restricted=account.restricted,
            opened_at=at,
        )
        for account in new
    ]
    with transaction.atomic():
        before = set(queries.accounts_by_code(book_id, [a.code for a in new]))
        AccountRow.objects.bulk_create(rows, ignore_conflicts=True)
        standing = queries.accounts_by_code(book_id, [a.code for a in new])
        _refuse_other_meaning(new, standing)
        fresh = tuple(code for code in standing if code not in before)
        if fresh:
            fact = AccountsOpened(book_ref(book_id), codes=fresh)
            events.record(fact, origin=scope.origin, at=at)
    return tuple(standing[account.code] for account in new)


def _refuse_other_meaning(new: Sequence[NewAccount], standing: dict[str, Account]) -> None:
    for account in new:
        found = standing[account.code]
        if (found.kind, found.restricted) != (account.kind, account.restricted):
            raise UnableToOpenAccount(
                "Account %(account)s stands already, with another kind.", account=account.code
            )


def lock_days_before(book_id: BookId, *, open_from: date, scope: Scope, at: datetime) -> Book:
    """Lock every day before `open_from`, for good. The same day again changes nothing.

    It waits for postings under way; none can land on a locked day afterwards.

    Raises:
        NotAllowed: the scope may not lock.
        UnableToLock: a later day is locked already.
    """
    with transaction.atomic():
        row = BookRow.objects.select_for_update().filter(pk=book_id).first()
        if row is None:
            raise policies.UnableToFindBook("There is no such book, or it is not in your care.")
        policies.require(scope, MAY_LOCK, row.area_path)
        if row.open_from == open_from:
            return queries.to_book(row)
        if row.open_from is not None and row.open_from > open_from:
            raise UnableToLock("Locked days stay locked. Correct by a new entry.", field="day")
        row.open_from = open_from
        row.save(update_fields=["open_from"])
        fact = PeriodLocked(book_ref(book_id), open_from=open_from)
        events.record(fact, origin=scope.origin, at=at)
    return queries.to_book(row)
