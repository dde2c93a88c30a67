"""What a simulated channel knows of its orders, and how it can be told to misbehave."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime


class Manner(enum.StrEnum):
    """How the channel behaves with a notice."""

    GOOD = "good"
    DOUBLE = "double"
    LATE = "late"
    LOST = "lost"
    FORGED = "forged"
    WRONG_AMOUNT = "wrong_amount"
    ONE_FEN_OFF = "one_fen_off"


@dataclass(slots=True)
class SimOrder:
    """One order at the channel."""

    number: str
    amount_fen: int
    words: str
    expires_at: datetime
    notify: str = ""
    transaction_id: str = ""
    paid_at: datetime | None = None
    closed: bool = False
    refunds: list[tuple[str, int, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it goes over the wire."""

    headers: dict[str, str]
    body: bytes


class SimBook:
    """The orders of one simulated channel."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.orders: dict[str, SimOrder] = {}
        self.serial = 0

    def open(self, order: SimOrder) -> SimOrder:
        """Take an order; the same number again is the same order."""
        return self.orders.setdefault(order.number, order)

    def pay(self, number: str, at: datetime) -> bool:
        """Let the payer pay; a closed or paid order takes no money."""
        order = self.orders[number]
        if order.closed or order.paid_at is not None:
            return False
        self.serial += 1
        order.paid_at = at
        order.transaction_id = f"{self.prefix}{at:%Y%m%d}{self.serial:010d}"
        return True

    def close(self, number: str) -> None:
        """Close an order that nobody paid."""
        order = self.orders.get(number)
        if order is not None and order.paid_at is None:
            order.closed = True

    def refund(self, number: str, refund_no: str, fen: int, at: datetime) -> None:
        """Give money of a paid order back."""
        self.orders[number].refunds.append((refund_no, fen, at))

    def paid_on(self, first: datetime, last: datetime) -> list[SimOrder]:
        """Return the orders paid from `first` up to `last`."""
        found = [o for o in self.orders.values() if o.paid_at and first <= o.paid_at < last]
        return sorted(found, key=lambda order: (order.paid_at, order.number))
