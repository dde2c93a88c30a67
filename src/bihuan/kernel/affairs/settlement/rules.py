"""Pure decisions of settlement: how lines are split, when a route may begin, which move follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from bihuan.kernel.affairs.settlement.types import (
    BATCH_MOVES,
    BatchState,
    PayeeId,
    Route,
    Share,
    Wanted,
)
from bihuan.kernel.tools.ledger.types import AccountId

ShareOut = Callable[[int, Sequence[int]], tuple[int, ...]]


def earliest_day(approved_on: date, delay_days: int) -> date:
    """Return the first day on which a route that is approved today may count."""
    return approved_on + timedelta(days=delay_days)


def target_of(state: BatchState, move: str) -> BatchState | None:
    """Return where `move` brings a batch from `state`, or None when it may not be made."""
    return next((to for name, source, to in BATCH_MOVES if (name, source) == (move, state)), None)


def split(
    wanted: Sequence[Wanted],
    routes: Mapping[str, Route],
    accounts: Mapping[PayeeId, AccountId],
    share_out: ShareOut,
) -> tuple[Share, ...]:
    """Return the shares of each line, in order; lines of one payee and route are added up.

    The shares of a line always add up to it: one payee takes it whole, several by weight with
    the largest remainders first (`share_out`, of the ledger).
    """
    total: dict[tuple[PayeeId, Route], int] = {}
    for line in wanted:
        route = routes[line.key]
        weights = [part.weight for part in route.weights]
        amounts = (line.amount_fen,) if len(weights) == 1 else share_out(line.amount_fen, weights)
        for part, amount in zip(route.weights, amounts, strict=True):
            key = (part.payee_id, route)
            total[key] = total.get(key, 0) + amount
    return tuple(
        Share(payee_id, route.id, accounts[payee_id], amount)
        for (payee_id, route), amount in total.items()
        if amount
    )
