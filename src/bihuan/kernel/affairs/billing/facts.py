"""What this room announces. Payloads hold ids, codes and amounts, no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class ItemPublished(Fact):
    """A fee item was published."""

    name = "billing.item_published.v1"
    code: str
    standard_fen: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class BillMoved(Fact):
    """A bill went from one state to another by somebody's hand."""

    name = "billing.bill_moved.v1"
    move: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class OrderClosed(Fact):
    """An unpaid order was closed; its lines may be paid anew."""

    name = "billing.order_closed.v1"
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PaymentTaken(Fact):
    """A channel took the payment of an order, and it stands in the books."""

    name = "billing.payment_taken.v1"
    order_id: int
    channel: str
    amount_fen: int
    transaction_id: str
    surplus: bool


@dataclass(frozen=True, slots=True)
class NoticeRefused(Fact):
    """A genuine notice does not fit what was ordered: a person has to look."""

    name = "billing.notice_refused.v1"
    channel: str
    verdict: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class LineExempted(Fact):
    """Something of a line was exempted. The reason is kept elsewhere."""

    name = "billing.line_exempted.v1"
    line_id: int
    exempt_fen: int
    credited_fen: int


@dataclass(frozen=True, slots=True)
class CreditMoved(Fact):
    """Credit of a family paid a line, or came back from one."""

    name = "billing.credit_moved.v1"
    line_id: int
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class RefundMoved(Fact):
    """A refund went from one state to another."""

    name = "billing.refund_moved.v1"
    attempt_id: int
    amount_fen: int
    move: str
    target: str
