"""Words of settlement: payees, routes, shares, what is expected, batches and their states."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Power
from bihuan.kernel.tools.ledger.types import AccountId

PayeeId = NewType("PayeeId", UUID)
RouteId = NewType("RouteId", int)
IntakeId = NewType("IntakeId", int)
BatchId = NewType("BatchId", int)
RouteKey = NewType("RouteKey", str)
"""What a route is for, in the words of whoever asks: ``school-01:tuition``."""

MAY_READ = Power("settlement.read")
MAY_PROPOSE_ROUTE = Power("settlement.propose_route")
MAY_APPROVE_ROUTE = Power("settlement.approve_route")
MAY_EXPECT = Power("settlement.expect")
"""Write down what is to be cleared; rooms above hold it when they take a payment."""
MAY_CLEAR = Power("settlement.clear")
"""Make a batch and hand it to the bank."""
MAY_CHECK_BATCH = Power("settlement.check_batch")
"""Check a batch that somebody else made."""
MAY_RELEASE = Power("settlement.release")
"""Let clearing go on after it was stopped."""

MAY_RECONCILE = Power("settlement.reconcile")
"""Compare days, end differences, close days. Who bills does not hold it."""


class Nature(enum.StrEnum):
    """What an account is by law. The list is closed: there is none for a platform."""

    FISCAL = "fiscal"
    """财政专户、国库: what is government revenue."""
    BASIC = "basic"
    """基本户 of a school or other public body."""
    CANTEEN = "canteen"
    """食堂专户."""
    ENTRUSTED = "entrusted"
    """代管费专户: collected for others, settled at cost."""


class BatchState(enum.StrEnum):
    """Where a clearing batch stands."""

    GENERATED = "generated"
    CHECKED = "checked"
    SENT = "sent"
    ACCEPTED = "accepted"
    PAID = "paid"
    RETURNED = "returned"


BATCH_MOVES: tuple[tuple[str, BatchState, BatchState], ...] = (
    ("check", BatchState.GENERATED, BatchState.CHECKED),
    ("send", BatchState.CHECKED, BatchState.SENT),
    ("accept", BatchState.SENT, BatchState.ACCEPTED),
    ("pay", BatchState.ACCEPTED, BatchState.PAID),
    ("return", BatchState.SENT, BatchState.RETURNED),
    ("return", BatchState.ACCEPTED, BatchState.RETURNED),
)
"""The whole table: a move, from where, to where. Lines of a returned batch go into the next one."""


@dataclass(frozen=True, slots=True)
class NewPayee:
    """An account in which money may end."""

    code: str
    name: str
    nature: Nature
    bank: str
    account_no: str
    holder_uscc: str
    area_code: str


@dataclass(frozen=True, slots=True)
class Payee:
    """A payee account, as anybody at work may see it: its last four digits."""

    id: PayeeId
    code: str
    name: str
    nature: Nature
    bank: str
    tail: str
    holder_uscc: str
    area_path: str
    due_account: AccountId
    """The account of the book that says what the bank still has to pay out to it."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One payee of a route, and its part."""

    payee_id: PayeeId
    weight: int = 1


@dataclass(frozen=True, slots=True)
class NewRoute:
    """Where a kind of money goes from a day on."""

    key: RouteKey
    valid_from: date
    weights: tuple[Weight, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Route:
    """A route as it stands. It counts from `valid_from` once a second person approved it."""

    id: RouteId
    key: RouteKey
    valid_from: date
    valid_to: date | None
    weights: tuple[Weight, ...]
    reason: str
    proposed_by: UUID
    approved_by: UUID | None
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line to be split: what it is for and how much."""

    key: RouteKey
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Share:
    """What of an amount goes to which payee, by which route."""

    payee_id: PayeeId
    route_id: RouteId
    account_id: AccountId
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Money that a channel took (or gives back, below zero), and where it is to go."""

    cause: Ref
    channel: str
    day: date
    amount_fen: int
    shares: tuple[Share, ...]
    reference: str = ""
    """The number under which the channel knows it."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What one payee gets by a batch."""

    payee: Payee
    amount_fen: int
    count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A clearing batch: one channel, one day, what each payee gets."""

    id: BatchId
    channel: str
    day: date
    no: int
    state: BatchState
    amount_fen: int
    count: int
    generated_by: UUID
    checked_by: UUID | None
    reason: str = ""
    lines: tuple[BatchLine, ...] = ()


class DayState(enum.StrEnum):
    """Where the comparison of a channel's day stands."""

    OPEN = "open"
    FILES_READY = "files_ready"
    MATCHED = "matched"
    DIFF_PENDING = "diff_pending"
    BALANCED = "balanced"
    CLOSED = "closed"


class DifferenceKind(enum.StrEnum):
    """Kinds of differences (domain A7)."""

    SURPLUS = "surplus"
    """长款: the channel has it, we do not."""
    SHORTAGE = "shortage"
    """短款: we have it, the channel does not."""
    AMOUNT = "amount"
    """金额不符."""
    DAY_CUT = "day_cut"
    """日切差异: on both sides, on neighbouring days. It pairs by itself."""


@dataclass(frozen=True, slots=True)
class TheirLine:
    """One line of a channel's bill."""

    kind: str
    """``pay`` or ``refund``."""
    reference: str
    transaction_id: str
    amount_fen: int
    """A refund is below zero."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs, and who holds it."""

    id: int
    kind: DifferenceKind
    reference: str
    ours_fen: int | None
    theirs_fen: int | None
    holder: str
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Day:
    """A channel's day as it stands."""

    channel: str
    day: date
    state: DayState
    ours_fen: int
    theirs_fen: int
    ours_count: int
    theirs_count: int
    differences: tuple[Difference, ...]

    @property
    def open_differences(self) -> tuple[Difference, ...]:
        """Return what somebody still has to end."""
        return tuple(d for d in self.differences if d.ended_at is None)


def intake_ref(intake_id: IntakeId) -> Ref:
    """Return the pointer to expected money."""
    return Ref("settlement.intake", str(intake_id))


def batch_ref(batch_id: BatchId) -> Ref:
    """Return the pointer to a batch."""
    return Ref("settlement.batch", str(batch_id))


def route_ref(route_id: RouteId) -> Ref:
    """Return the pointer to a route."""
    return Ref("settlement.route", str(route_id))


def payee_ref(payee_id: PayeeId) -> Ref:
    """Return the pointer to a payee account."""
    return Ref("settlement.payee", str(payee_id))
