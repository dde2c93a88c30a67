"""A book with a handful of accounts, opened through the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import HAIYAN, NOW
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import (
    MAY_KEEP,
    MAY_LOCK,
    MAY_POST,
    MAY_READ,
    AccountId,
    Book,
    Kind,
    NewAccount,
    NewEntry,
    credit,
    debit,
)

DAY = date(2026, 9, 2)


@dataclass(frozen=True, slots=True)
class Books:
    """The book, its accounts by short name, and a scope with every power of the room."""

    book: Book
    accounts: dict[str, AccountId]
    scope: Scope

    def entry(self, key: str, *amounts: tuple[str, int], day: date = DAY) -> NewEntry:
        """Return an entry: positive amounts are debits."""
        legs = tuple(
            debit(self.accounts[name], fen) if fen > 0 else credit(self.accounts[name], -fen)
            for name, fen in amounts
        )
        return NewEntry(key=key, day=day, words="一笔缴费", legs=legs)

    def balance(self, name: str) -> int:
        """Return the kept balance of an account."""
        found = {b.account.id: b.balance_fen for b in ledger.balances_of(self.book.id)}
        return found[self.accounts[name]]


NEW = (
    NewAccount("wechat", "微信在途", Kind.ASSET),
    NewAccount("fiscal", "县财政专户", Kind.LIABILITY),
    NewAccount("canteen", "食堂专户", Kind.LIABILITY),
    NewAccount("family", "家庭余额", Kind.LIABILITY, restricted=True),
    NewAccount("cash", "保证金", Kind.ASSET, restricted=True),
)


def make_books(code: str = "fees") -> Books:
    """Open a book with the accounts above."""
    registry.load_areas()
    scope = registry.system_scope("tests", (MAY_KEEP, MAY_POST, MAY_LOCK, MAY_READ))
    book = ledger.open_book(code, name="海盐县缴费", area_code=HAIYAN, scope=scope, at=NOW)
    opened = ledger.open_accounts(book.id, NEW, scope=scope, at=NOW)
    return Books(book, {account.code: account.id for account in opened}, scope)


@pytest.fixture
def books(db: None) -> Books:
    return make_books()
