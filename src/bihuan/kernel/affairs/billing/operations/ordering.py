"""Orders: lines of several bills become one payment, with its split fixed and shown."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.billing import policies, queries, rules
from bihuan.kernel.affairs.billing.facts import OrderClosed
from bihuan.kernel.affairs.billing.models import (
    AttemptRow,
    MerchantRow,
    OrderLineRow,
    OrderRow,
    OrderShareRow,
)
from bihuan.kernel.affairs.billing.queries.orders import to_order
from bihuan.kernel.affairs.billing.types import (
    MAY_PAY,
    Attempt,
    AttemptState,
    BillLine,
    Channel,
    Family,
    Order,
    OrderId,
    OrderState,
    Pay,
    order_ref,
)
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement.types import Share, Wanted
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused


class UnableToOrder(Refused):
    """These lines cannot be paid so; the words say why. Nothing was ordered."""


FAULTS = {
    "nothing": _("Choose at least one fee."),
    "twice": _("A fee stands twice in this payment."),
    "not_yours": _("A fee of this payment is not yours, or is not published."),
    "not_chosen": _("You have not chosen this voluntary item."),
    "too_much": _("This is more than is owed."),
    "paid": _("This fee is paid already."),
    "in_parts": _("This fee is paid whole, not in parts."),
}


def open_order(
    wanted: Sequence[Pay],
    *,
    families: Iterable[Family],
    channel: Channel,
    merchant: str,
    scope: Scope,
    at: datetime,
) -> tuple[Order, Attempt]:
    """Open one order over lines of several bills and children, with a first attempt to pay it.

    Raises:
        NotAllowed: the scope does not pay.
        UnableToOrder: a line is not theirs, paid, being paid, or not to be paid in parts.
        UnableToFindRoute: a fee has no approved account on this day.
    """
    policies.require(scope, MAY_PAY)
    own = set(families)
    with transaction.atomic():
        lines = queries.lock_lines(pay.line_id for pay in wanted)
        payable = queries.list_family_bills(own)
        yours = {line.id for bill in payable for line in bill.lines}
        fault = rules.payable([line for line in lines if line.id in yours], wanted)
        if fault:
            raise UnableToOrder(FAULTS[fault], code=fault)
        family = next(
            b.family for b in payable if any(ln.id == wanted[0].line_id for ln in b.lines)
        )
        shares = _shares(wanted, lines, at)
        order = _write(family, wanted, shares, at)
        attempt = open_attempt(
            order.id, families=own, channel=channel, merchant=merchant, scope=scope, at=at
        )
    return order, attempt


def _shares(wanted: Sequence[Pay], lines: Sequence[BillLine], at: datetime) -> tuple[Share, ...]:
    keys = {line.id: line.route_key for line in lines}
    split = [Wanted(keys[pay.line_id], pay.amount_fen) for pay in wanted]
    return settlement.split_lines(split, on=clock.business_date(at))


def _write(family: Family, wanted: Sequence[Pay], shares: Sequence[Share], at: datetime) -> Order:
    minutes = standards.get_standard(
        "billing.close_after_minutes", on=clock.business_date(at)
    ).value
    row = OrderRow.objects.create(
        family=family,
        state=OrderState.OPEN.value,
        amount_fen=sum(pay.amount_fen for pay in wanted),
        opened_at=at,
        expires_at=at + timedelta(minutes=int(minutes)),
    )
    try:
        with transaction.atomic():
            OrderLineRow.objects.bulk_create(
                OrderLineRow(order=row, line_id=pay.line_id, amount_fen=pay.amount_fen)
                for pay in wanted
            )
    except IntegrityError as error:
        raise UnableToOrder(
            "One of these fees is being paid already. Finish or cancel that payment first.",
            code="being_paid",
        ) from error
    OrderShareRow.objects.bulk_create(
        OrderShareRow(
            order=row,
            payee_id=share.payee_id,
            route_id=share.route_id,
            due_account_id=share.account_id,
            amount_fen=share.amount_fen,
        )
        for share in shares
    )
    return to_order(row)


def open_attempt(
    order_id: OrderId,
    *,
    families: Iterable[Family],
    channel: Channel,
    merchant: str,
    scope: Scope,
    at: datetime,
) -> Attempt:
    """Open a further attempt to pay an open order, by the same or another channel.

    Raises:
        NotAllowed: the scope does not pay.
        UnableToOrder: the order is paid or closed, or nobody takes money by this channel.
    """
    policies.require(scope, MAY_PAY)
    with transaction.atomic():
        own = OrderRow.objects.select_for_update().filter(family__in=list(families))
        order = own.filter(pk=order_id).first()
        if order is None:
            raise queries.UnableToFindOrder("There is no such order, or it is not yours.")
        if order.state != OrderState.OPEN or at >= order.expires_at:
            raise UnableToOrder("This payment is over. Begin a new one.", code="over")
        taker = MerchantRow.objects.filter(channel=channel.value, number=merchant).first()
        if taker is None:
            raise UnableToOrder("Nobody takes money by this channel yet.", code="channel")
        row = AttemptRow.objects.create(
            order=order,
            channel=channel.value,
            out_trade_no=new_number(at),
            merchant=taker,
            state=AttemptState.CREATED.value,
            amount_fen=order.amount_fen,
            opened_at=at,
            next_look_at=at + look_after(0, at),
        )
    return queries.to_attempt(row)


def new_number(at: datetime) -> str:
    """Return a number for a channel: the day, and what nobody can guess."""
    return f"{clock.business_date(at):%Y%m%d}{secrets.token_hex(10).upper()}"


def look_after(looks: int, at: datetime) -> timedelta:
    """Return how long after now a channel is asked again: after 2, 5, 10, then every 30 minutes."""
    steps = standards.get_standard("billing.look_after_minutes", on=clock.business_date(at)).value
    past = 0 if looks == 0 else int(steps[min(looks, len(steps)) - 1])
    here = int(steps[min(looks, len(steps) - 1)])
    return timedelta(minutes=here - past if looks < len(steps) else int(steps[-1]))


def close_order(order_id: OrderId, *, scope: Scope, at: datetime) -> bool:
    """Close an open order after its channels were told to; its lines may be paid anew.

    Returns whether it was closed now. Money that still comes becomes credit, never nothing.
    """
    policies.require(scope, MAY_PAY)
    with transaction.atomic():
        row = OrderRow.objects.select_for_update().filter(pk=order_id).first()
        if row is None or row.state != OrderState.OPEN:
            return False
        row.state, row.ended_at = OrderState.CLOSED.value, at
        row.save(update_fields=["state", "ended_at"])
        OrderLineRow.objects.filter(order=row).update(live=False)
        waiting = [
            AttemptState.CREATED.value,
            AttemptState.PAYING.value,
            AttemptState.UNKNOWN.value,
        ]
        AttemptRow.objects.filter(order=row, state__in=waiting).update(
            state=AttemptState.CLOSED.value
        )
        fact = OrderClosed(order_ref(order_id), amount_fen=row.amount_fen)
        events.record(fact, origin=scope.origin, at=at)
    return True
