"""Words of the books: accounts, sides, legs, entries, cards, trial balances."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Power

BookId = NewType("BookId", int)
AccountId = NewType("AccountId", int)
EntryId = NewType("EntryId", int)

MAY_READ = Power("ledger.read")
MAY_POST = Power("ledger.post")
MAY_KEEP = Power("ledger.keep")
"""Open books and accounts."""
MAY_LOCK = Power("ledger.lock")
"""Lock the days of a period for good."""

LARGEST_FEN = 10**15
"""Ten million million yuan: more in one leg is a slip of the pen, and sums still fit a column."""


class Side(enum.StrEnum):
    """The two sides of an account (借, 贷)."""

    DEBIT = "debit"
    CREDIT = "credit"


class Kind(enum.StrEnum):
    """Kinds of accounts. A kind has one normal side, on which it grows."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def normal(self) -> Side:
        """Return the side on which accounts of this kind grow."""
        return Side.DEBIT if self in {Kind.ASSET, Kind.EXPENSE} else Side.CREDIT

    @property
    def sign(self) -> int:
        """Return 1 where debits make the balance grow, else −1."""
        return 1 if self.normal is Side.DEBIT else -1


@dataclass(frozen=True, slots=True)
class Book:
    """A set of accounts of one keeper: a county's fees, a village's money."""

    id: BookId
    code: str
    name: str
    area_path: str
    open_from: date | None
    """The first day that may still be posted; None while no day is locked."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be opened."""

    code: str
    name: str
    kind: Kind
    restricted: bool = False
    """A restricted account may not go below zero."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a book."""

    id: AccountId
    book_id: BookId
    code: str
    name: str
    kind: Kind
    restricted: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: debits above zero, credits below, in fen."""

    account_id: AccountId
    amount_fen: int


def debit(account_id: AccountId, amount_fen: int) -> Leg:
    """Return a leg on the debit side (借)."""
    return Leg(account_id, amount_fen)


def credit(account_id: AccountId, amount_fen: int) -> Leg:
    """Return a leg on the credit side (贷)."""
    return Leg(account_id, -amount_fen)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to be posted. The key makes it once: ``order:7F3A…:paid``."""

    key: str
    day: date
    """The business day on which it counts."""
    words: str
    legs: tuple[Leg, ...]
    cause: Ref | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What stands in the book now, and whether it stood there before."""

    entry_id: EntryId
    key: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands."""

    id: EntryId
    book_id: BookId
    key: str
    day: date
    words: str
    legs: tuple[Leg, ...]
    at: datetime
    cause: Ref | None = None
    reverses: EntryId | None = None
    reversed_by: EntryId | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What went through an account, and what is left on its normal side."""

    account: Account
    debit_fen: int
    credit_fen: int

    @property
    def balance_fen(self) -> int:
        """Return the balance on the account's normal side."""
        return self.account.kind.sign * (self.debit_fen - self.credit_fen)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of an account's card."""

    entry_id: EntryId
    no: int
    day: date
    words: str
    key: str
    debit_fen: int
    credit_fen: int
    balance_fen: int
    """The balance on the normal side, this line included."""
    reverses: EntryId | None


@dataclass(frozen=True, slots=True)
class Card:
    """An account over a span of days."""

    book: Book
    account: Account
    first: date
    last: date
    opening_fen: int
    debit_fen: int
    credit_fen: int
    closing_fen: int
    lines: tuple[CardLine, ...]
    next: str = ""
    """Where the next page begins; empty on the last one."""


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account in a trial balance: opening, through the span, closing, on its normal side."""

    account: Account
    opening_fen: int
    debit_fen: int
    credit_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial balance: debits equal credits, over the span and as they stand."""

    book: Book
    first: date
    last: date
    lines: tuple[TrialLine, ...]
    debit_fen: int
    credit_fen: int
    closing_debit_fen: int
    closing_credit_fen: int

    @property
    def balanced(self) -> bool:
        """Return whether both pairs of sums are equal."""
        moved = self.debit_fen == self.credit_fen
        return moved and self.closing_debit_fen == self.closing_credit_fen


@dataclass(frozen=True, slots=True)
class Verified:
    """What a full reading of a book found. Every count but the first three must be zero."""

    book: str
    entries: int
    legs: int
    turnover_fen: int
    unbalanced: int
    without_legs: int
    wrong_balances: int
    """Accounts whose kept balance differs from the replay of their legs."""
    below_zero: int
    """Restricted accounts whose replay ends below zero."""
    foreign_legs: int
    """Legs on an account of another book, of no entry, or on another day than their entry."""
    crooked_reversals: int
    """Reversals that do not mirror what they reverse, reverse it again, or reverse a reversal."""

    @property
    def sound(self) -> bool:
        """Return whether nothing is wrong."""
        faults = (self.unbalanced, self.without_legs, self.wrong_balances, self.below_zero)
        return not any((*faults, self.foreign_legs, self.crooked_reversals))


def entry_ref(entry_id: EntryId) -> Ref:
    """Return the pointer to an entry."""
    return Ref("ledger.entry", str(entry_id))


def book_ref(book_id: BookId) -> Ref:
    """Return the pointer to a book."""
    return Ref("ledger.book", str(book_id))
