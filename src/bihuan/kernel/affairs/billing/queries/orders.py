"""Orders, attempts and the credit of families."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Sum

from bihuan.kernel.affairs.billing.models import (
    AttemptRow,
    CreditRow,
    OrderLineRow,
    OrderRow,
)
from bihuan.kernel.affairs.billing.types import (
    Attempt,
    AttemptId,
    AttemptState,
    Channel,
    Family,
    LineId,
    Order,
    OrderId,
    OrderState,
    Pay,
)
from bihuan.kernel.affairs.settlement.types import PayeeId, RouteId, Share
from bihuan.kernel.tools.ledger.types import AccountId
from bihuan.platform.web.errors import NotFound


class UnableToFindOrder(NotFound):
    """There is no such order, or none of this family."""


def to_attempt(row: AttemptRow) -> Attempt:
    """Return the row as a value."""
    return Attempt(
        id=AttemptId(row.pk),
        order_id=OrderId(row.order_id),
        channel=Channel(row.channel),
        out_trade_no=row.out_trade_no,
        state=AttemptState(row.state),
        amount_fen=row.amount_fen,
        transaction_id=row.transaction_id,
        paid_at=row.paid_at,
    )


def find_attempt(out_trade_no: str) -> Attempt | None:
    """Return the attempt with a number, or None."""
    row = AttemptRow.objects.filter(out_trade_no=out_trade_no).first()
    return to_attempt(row) if row else None


def find_open_attempt(families: Iterable[Family]) -> Attempt | None:
    """Return the newest attempt of an order that these families have not finished, or None."""
    rows = AttemptRow.objects.filter(
        order__family__in=list(families), order__state=OrderState.OPEN.value
    )
    row = rows.order_by("-pk").first()
    return to_attempt(row) if row else None


def get_order(order_id: OrderId, *, families: Iterable[Family]) -> Order:
    """Return an order of one of these families.

    Raises:
        UnableToFindOrder: none, or somebody else's; both sound the same.
    """
    row = OrderRow.objects.filter(pk=order_id, family__in=list(families)).first()
    if row is None:
        raise UnableToFindOrder("There is no such order, or it is not yours.")
    return to_order(row)


def to_order(row: OrderRow) -> Order:
    """Return the row with its lines and shares."""
    return Order(
        id=OrderId(row.pk),
        family=Family(row.family),
        state=OrderState(row.state),
        amount_fen=row.amount_fen,
        expires_at=row.expires_at,
        lines=tuple(
            Pay(LineId(line.line_id), line.amount_fen) for line in row.lines.order_by("pk")
        ),
        shares=tuple(
            Share(
                PayeeId(share.payee_id),
                RouteId(share.route_id),
                AccountId(share.due_account_id),
                share.amount_fen,
            )
            for share in row.shares.order_by("pk")
        ),
    )


def is_live(line_id: LineId) -> bool:
    """Return whether a bill line stands in an open order."""
    return OrderLineRow.objects.filter(line_id=line_id, live=True).exists()


def list_due_attempts(*, at: datetime, limit: int = 200) -> tuple[Attempt, ...]:
    """Return open attempts whose channel is to be asked by now, the longest waiting first."""
    rows = AttemptRow.objects.filter(
        state__in=[s.value for s in (AttemptState.CREATED, AttemptState.PAYING)]
        + [AttemptState.UNKNOWN.value],
        next_look_at__lte=at,
    )
    return tuple(to_attempt(row) for row in rows.order_by("next_look_at")[:limit])


def list_credit(family: Family) -> dict[PayeeId, int]:
    """Return what stands to a family's credit, by the payee that holds the money."""
    sums = (
        CreditRow.objects.filter(family=family).values("payee_id").annotate(total=Sum("amount_fen"))
    )
    return {PayeeId(row["payee_id"]): row["total"] for row in sums if row["total"]}
