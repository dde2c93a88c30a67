"""Words of billing: items, bills, orders, attempts, refunds, and their tables of states."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from bihuan.kernel.affairs.settlement.types import MAY_EXPECT, RouteKey, Share
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Power
from bihuan.kernel.tools.ledger.types import MAY_KEEP, MAY_POST

ItemId = NewType("ItemId", int)
PublicationId = NewType("PublicationId", int)
BillId = NewType("BillId", int)
LineId = NewType("LineId", int)
OrderId = NewType("OrderId", int)
AttemptId = NewType("AttemptId", int)
RefundId = NewType("RefundId", int)
Family = NewType("Family", str)
"""The key of who pays together: a household. An opaque word, never a name."""

MAY_PUBLISH = Power("billing.publish")
MAY_BILL = Power("billing.bill")
MAY_REVIEW = Power("billing.review")
MAY_APPROVE = Power("billing.approve")
MAY_EXEMPT = Power("billing.exempt")
MAY_PAY = Power("billing.pay")
MAY_READ = Power("billing.read")
MAY_REFUND = Power("billing.refund")
MAY_APPROVE_REFUND = Power("billing.approve_refund")
MAY_TAKE = Power("billing.take")
"""Take what a channel said. Only the door for channels and the job that asks them hold it."""


class FeeClass(enum.StrEnum):
    """Classes of fees by law (domain 18): each has its kind of account and receipt."""

    FISCAL = "fiscal"
    SERVICE = "service"
    ENTRUSTED = "entrusted"


class Channel(enum.StrEnum):
    """How families pay."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    ICBC = "icbc"


class BillState(enum.StrEnum):
    """Where a bill stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    SETTLED = "settled"
    CLOSED = "closed"
    EXEMPTED = "exempted"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"


BILL_MOVES: tuple[tuple[str, str, str, Power], ...] = (
    ("review", "draft", "reviewed", MAY_REVIEW),
    ("send_back", "reviewed", "draft", MAY_REVIEW),
    ("approve", "reviewed", "approved", MAY_APPROVE),
    ("send_back", "approved", "draft", MAY_APPROVE),
    ("publish", "approved", "published", MAY_BILL),
    ("cancel", "draft", "cancelled", MAY_BILL),
    ("cancel", "reviewed", "cancelled", MAY_BILL),
    ("cancel", "approved", "cancelled", MAY_BILL),
    ("cancel", "published", "cancelled", MAY_APPROVE),
    ("write_off", "published", "written_off", MAY_APPROVE),
    ("write_off", "partly_paid", "written_off", MAY_APPROVE),
    ("settle", "paid", "settled", MAY_BILL),
    ("close", "settled", "closed", MAY_BILL),
    ("close", "exempted", "closed", MAY_BILL),
)
"""Moves that people make. Between published, partly paid, paid and exempted a bill moves by what
was paid and exempted (`rules.state_of`), never by hand. Refunds have records of their own."""


class OrderState(enum.StrEnum):
    """Where an order stands."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


class AttemptState(enum.StrEnum):
    """Where an attempt to pay stands."""

    CREATED = "created"
    PAYING = "paying"
    UNKNOWN = "unknown"
    SUCCESS = "success"
    FAILED = "failed"
    CLOSED = "closed"


ATTEMPT_MOVES: tuple[tuple[str, str, str], ...] = (
    ("ask", "created", "paying"),
    ("lose", "created", "unknown"),
    ("lose", "paying", "unknown"),
    ("ask", "unknown", "paying"),
    ("succeed", "created", "success"),
    ("succeed", "paying", "success"),
    ("succeed", "unknown", "success"),
    ("succeed", "failed", "success"),
    ("succeed", "closed", "success"),
    ("fail", "created", "failed"),
    ("fail", "paying", "failed"),
    ("fail", "unknown", "failed"),
    ("close", "created", "closed"),
    ("close", "paying", "closed"),
    ("close", "unknown", "closed"),
)
"""Money that comes after a failure or a closing is still money: it succeeds, and becomes credit."""


class RefundState(enum.StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"


REFUND_MOVES: tuple[tuple[str, str, str], ...] = (
    ("approve", "requested", "approved"),
    ("reject", "requested", "rejected"),
    ("send", "approved", "sent"),
    ("finish", "sent", "done"),
    ("fail", "sent", "failed"),
    ("send", "failed", "sent"),
)


class RefundReason(enum.StrEnum):
    """Why money goes back (domain 18)."""

    DOUBLE = "double"
    LEFT = "left"
    EXEMPTED = "exempted"
    AT_COST = "at_cost"


@dataclass(frozen=True, slots=True)
class NewItem:
    """A kind of fee of a provider."""

    provider: Ref
    code: str
    name: str
    fee_class: FeeClass
    route_key: RouteKey
    area_path: str
    voluntary: bool = False
    partial: bool = False
    """Whether a line may be paid in parts."""


@dataclass(frozen=True, slots=True)
class NewPublication:
    """What was published about an item (公示): how much, by which basis, from when."""

    unit: str
    standard_fen: int
    basis: str
    approver: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A published item: without one in force there is no bill line."""

    id: PublicationId
    item_id: ItemId
    provider: Ref
    code: str
    name: str
    fee_class: FeeClass
    route_key: RouteKey
    voluntary: bool
    partial: bool
    unit: str
    standard_fen: int
    basis: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be billed."""

    publication_id: PublicationId
    amount_fen: int
    quantity: int = 1
    exempt_fen: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewBill:
    """A bill to be drafted. The key makes it once: provider, beneficiary, term, purpose."""

    provider: Ref
    beneficiary: Ref
    family: Family
    term: str
    purpose: str
    title: str
    area_path: str
    day: date
    due_day: date
    lines: tuple[NewLine, ...]


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line as the family sees it. Whether it is exempt is shown, never why."""

    id: LineId
    bill_id: BillId
    publication_id: PublicationId
    name: str
    fee_class: FeeClass
    route_key: RouteKey
    unit: str
    words: str
    amount_fen: int
    exempt_fen: int
    paid_fen: int
    voluntary: bool
    chosen: bool
    partial: bool

    @property
    def open_fen(self) -> int:
        """Return what is still to be paid: nothing for what the family did not choose."""
        if self.voluntary and not self.chosen:
            return 0
        return max(self.amount_fen - self.exempt_fen - self.paid_fen, 0)


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill with its lines."""

    id: BillId
    provider: Ref
    beneficiary: Ref
    family: Family
    term: str
    title: str
    area_path: str
    state: BillState
    due_day: date
    lines: tuple[BillLine, ...]

    @property
    def open_fen(self) -> int:
        """Return what is still to be paid."""
        return sum(line.open_fen for line in self.lines)


@dataclass(frozen=True, slots=True)
class Pay:
    """One line of an order: which bill line, how much of it."""

    line_id: LineId
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order: lines of several bills, one payment."""

    id: OrderId
    family: Family
    state: OrderState
    amount_fen: int
    expires_at: datetime
    lines: tuple[Pay, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to pay an order by a channel; kept for ever, whatever became of it."""

    id: AttemptId
    order_id: OrderId
    channel: Channel
    out_trade_no: str
    state: AttemptState
    amount_fen: int
    transaction_id: str = ""
    paid_at: datetime | None = None


class Said(enum.StrEnum):
    """What a channel says of a payment."""

    SUCCESS = "success"
    PAYING = "paying"
    NOT_PAID = "not_paid"
    CLOSED = "closed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel said, after its signature was verified. Nothing else is believed."""

    channel: Channel
    event_key: str
    nonce: str
    issued_at: datetime
    said: Said
    out_trade_no: str
    transaction_id: str = ""
    amount_fen: int = 0
    currency: str = ""
    merchant: str = ""
    paid_at: datetime | None = None


class Verdict(enum.StrEnum):
    """What became of a notice."""

    PAID = "paid"
    SURPLUS = "surplus"
    REPEATED = "repeated"
    NOTED = "noted"
    FORGED = "forged"
    STALE = "stale"
    REPLAYED = "replayed"
    UNKNOWN_ORDER = "unknown_order"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_CURRENCY = "wrong_currency"
    WRONG_PAYEE = "wrong_payee"
    WRONG_TRANSACTION = "wrong_transaction"

    @property
    def accepted(self) -> bool:
        """Return whether the channel is told that all is well and need not come again."""
        return self in {Verdict.PAID, Verdict.SURPLUS, Verdict.REPEATED, Verdict.NOTED}


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund, a record of its own: it never changes what it gives back."""

    id: RefundId
    attempt_id: AttemptId
    out_refund_no: str
    amount_fen: int
    reason: RefundReason
    state: RefundState
    requested_by: UUID
    approved_by: UUID | None


def bill_ref(bill_id: BillId) -> Ref:
    """Return the pointer to a bill."""
    return Ref("billing.bill", str(bill_id))


def order_ref(order_id: OrderId) -> Ref:
    """Return the pointer to an order."""
    return Ref("billing.order", str(order_id))


def attempt_ref(attempt_id: AttemptId) -> Ref:
    """Return the pointer to an attempt."""
    return Ref("billing.attempt", str(attempt_id))


def refund_ref(refund_id: RefundId) -> Ref:
    """Return the pointer to a refund."""
    return Ref("billing.refund", str(refund_id))


def taking_powers() -> tuple[Power, ...]:
    """Return what the door for channels may do: take what they say, and nothing else."""
    return (MAY_TAKE, MAY_PAY, MAY_EXPECT, MAY_POST, MAY_KEEP)
