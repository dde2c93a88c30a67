"""Asking channels about open payments, and closing what nobody paid.

The network is asked outside any transaction; what it says is taken like a notice.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from bihuan.kernel.affairs.billing import kinds, policies, queries
from bihuan.kernel.affairs.billing.models import AttemptRow, OrderRow
from bihuan.kernel.affairs.billing.operations.ordering import close_order, look_after
from bihuan.kernel.affairs.billing.operations.paying import take
from bihuan.kernel.affairs.billing.types import (
    MAY_TAKE,
    Attempt,
    AttemptState,
    OrderId,
    OrderState,
    Said,
    Verdict,
)
from bihuan.kernel.ground.registry.types import Scope

logger = logging.getLogger(__name__)


def receive(
    channel: str, headers: dict[str, str], body: bytes, *, scope: Scope, at: datetime
) -> Verdict:
    """Take a notice as it came over the wire: signature, age, event and nonce, order, money.

    Raises:
        NotAllowed: the scope does not take payments.
    """
    policies.require(scope, MAY_TAKE)
    adapter = kinds.find_channel(channel)
    if adapter is None:
        return Verdict.FORGED
    try:
        told = adapter.read(headers, body, at=at)
    except kinds.Forged as error:
        logger.warning("forged notice for %s: %s", channel, error)
        return Verdict.FORGED
    return take(told, body=body, scope=scope, at=at)


def look_at(attempt: Attempt, *, scope: Scope, at: datetime) -> Verdict | None:
    """Ask what became of one attempt, and act on it; None when the channel gave no answer.

    The next look is set before the channel is asked, so that a lost answer is asked for again.
    """
    policies.require(scope, MAY_TAKE)
    adapter = kinds.find_channel(attempt.channel.value)
    if adapter is None:
        return None
    looks = _count_look(attempt, at)
    try:
        told = adapter.ask(attempt.out_trade_no, at=at)
    except (kinds.Unreachable, kinds.Forged) as error:
        logger.warning("no answer about %s: %s", attempt.out_trade_no, error)
        _set_state(attempt, AttemptState.UNKNOWN)
        return None
    if told.said is Said.SUCCESS:
        key = f"ask:{attempt.out_trade_no}:{looks}"
        return take(replace(told, event_key=key, nonce=key), body=b"", scope=scope, at=at)
    if told.said is Said.FAILED:
        _set_state(attempt, AttemptState.FAILED)
    elif told.said is Said.CLOSED:
        _set_state(attempt, AttemptState.CLOSED)
    else:
        _set_state(attempt, AttemptState.PAYING)
    return Verdict.NOTED


def _count_look(attempt: Attempt, at: datetime) -> int:
    row = AttemptRow.objects.get(pk=attempt.id)
    row.looks += 1
    row.next_look_at = at + look_after(row.looks, at)
    row.save(update_fields=["looks", "next_look_at"])
    return row.looks


def _set_state(attempt: Attempt, state: AttemptState) -> None:
    """Write what was heard, unless a notice was quicker."""
    waiting = [s.value for s in (AttemptState.CREATED, AttemptState.PAYING, AttemptState.UNKNOWN)]
    AttemptRow.objects.filter(pk=attempt.id, state__in=waiting).update(state=state.value)


def look_after_payments(*, scope: Scope, at: datetime, limit: int = 200) -> int:
    """Ask about every attempt whose time has come; close what is over and was not paid."""
    due = queries.list_due_attempts(at=at, limit=limit)
    for attempt in due:
        look_at(attempt, scope=scope, at=at)
    for order_id in _over(at, limit):
        close_unpaid(order_id, scope=scope, at=at)
    return len(due)


def _over(at: datetime, limit: int) -> list[OrderId]:
    rows = OrderRow.objects.filter(state=OrderState.OPEN.value, expires_at__lte=at)
    return [OrderId(pk) for pk in rows.order_by("expires_at").values_list("pk", flat=True)[:limit]]


def close_unpaid(order_id: OrderId, *, scope: Scope, at: datetime) -> bool:
    """Close an order at its channels, then here. One that was paid meanwhile is not closed.

    A channel that gives no answer keeps the order open: it is tried again with the next round.
    """
    for row in AttemptRow.objects.filter(order_id=order_id).order_by("pk"):
        attempt = queries.to_attempt(row)
        if attempt.state in {AttemptState.SUCCESS, AttemptState.CLOSED}:
            continue
        adapter = kinds.find_channel(attempt.channel.value)
        if adapter is None:
            continue
        try:
            adapter.close(attempt.out_trade_no)
        except kinds.Unreachable:
            return False
        look_at(attempt, scope=scope, at=at)
    return close_order(order_id, scope=scope, at=at)
