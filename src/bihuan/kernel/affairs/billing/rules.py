"""Pure decisions of billing: which state follows, what may be paid, what a notice is worth."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bihuan.kernel.affairs.billing.types import (
    ATTEMPT_MOVES,
    BILL_MOVES,
    REFUND_MOVES,
    AttemptState,
    BillLine,
    BillState,
    Pay,
    RefundState,
    Told,
    Verdict,
)
from bihuan.kernel.ground.registry.types import Power

CURRENCY = "CNY"


def bill_move(state: BillState, move: str) -> tuple[BillState, Power] | None:
    """Return where `move` brings a bill and the power it needs, or None."""
    for name, source, target, power in BILL_MOVES:
        if (name, source) == (move, state.value):
            return BillState(target), power
    return None


def attempt_move(state: AttemptState, move: str) -> AttemptState | None:
    """Return where `move` brings an attempt, or None."""
    found = (to for name, source, to in ATTEMPT_MOVES if (name, source) == (move, state.value))
    return next((AttemptState(to) for to in found), None)


def refund_move(state: RefundState, move: str) -> RefundState | None:
    """Return where `move` brings a refund, or None."""
    found = (to for name, source, to in REFUND_MOVES if (name, source) == (move, state.value))
    return next((RefundState(to) for to in found), None)


def state_of(lines: Iterable[BillLine]) -> BillState:
    """Return the state of a published bill by what was paid and exempted of its lines."""
    lines = list(lines)
    paid = sum(line.paid_fen for line in lines)
    left = sum(line.open_fen for line in lines)
    if left:
        return BillState.PARTLY_PAID if paid else BillState.PUBLISHED
    if paid:
        return BillState.PAID
    owed = any(line.amount_fen > line.exempt_fen for line in lines if not line.voluntary)
    waits = any(line.voluntary and not line.chosen for line in lines)
    return BillState.PUBLISHED if owed or waits else BillState.EXEMPTED


def payable(lines: Iterable[BillLine], wanted: Iterable[Pay]) -> str:
    """Return the code of what is wrong with paying `wanted`, or nothing."""
    known = {line.id: line for line in lines}
    wanted = list(wanted)
    if not wanted:
        return "nothing"
    if len({pay.line_id for pay in wanted}) != len(wanted):
        return "twice"
    return next(filter(None, (_fault(known.get(pay.line_id), pay) for pay in wanted)), "")


def _fault(line: BillLine | None, pay: Pay) -> str:
    if line is None:
        return "not_yours"
    if line.voluntary and not line.chosen:
        return "not_chosen"
    if not 0 < pay.amount_fen <= line.open_fen:
        return "too_much" if line.open_fen else "paid"
    return "in_parts" if pay.amount_fen != line.open_fen and not line.partial else ""


def is_fresh(told: Told, *, now: datetime, seconds: int) -> bool:
    """Return whether a notice was signed at most so many seconds ago, or as much ahead."""
    return abs(now - told.issued_at) <= timedelta(seconds=seconds)


def judge(told: Told, *, amount_fen: int, merchant: str, transaction_id: str) -> Verdict | None:
    """Return why what was told does not fit the attempt, or None when it does."""
    if told.currency != CURRENCY:
        return Verdict.WRONG_CURRENCY
    if told.amount_fen != amount_fen:
        return Verdict.WRONG_AMOUNT
    if told.merchant != merchant:
        return Verdict.WRONG_PAYEE
    if not told.transaction_id or transaction_id not in {"", told.transaction_id}:
        return Verdict.WRONG_TRANSACTION
    return None
