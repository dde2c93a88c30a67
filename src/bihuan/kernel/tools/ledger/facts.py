"""What this room announces.

An ordinary posting is no fact of its own: the journal is append-only and carries its origin, and
whoever posts records what happened (a payment, a clearing). Opening, reversing and locking are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class BookOpened(Fact):
    """A book was opened."""

    name = "ledger.book_opened.v1"
    code: str
    area_path: str


@dataclass(frozen=True, slots=True)
class AccountsOpened(Fact):
    """Accounts were opened in a book."""

    name = "ledger.accounts_opened.v1"
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryReversed(Fact):
    """An entry was reversed by another one."""

    name = "ledger.entry_reversed.v1"
    reverses: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PeriodLocked(Fact):
    """The days before one were locked for good."""

    name = "ledger.period_locked.v1"
    open_from: date
