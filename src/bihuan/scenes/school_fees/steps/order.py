"""One payment: what it is, where it goes, and whether it has come.

The browser comes back to this page. It reads our books and nothing that the browser brings.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import MAY_PAY, Attempt, Order, OrderState
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.web.pages import page
from bihuan.scenes.school_fees.operations import cancel_payment
from bihuan.scenes.school_fees.queries import PayeeSum, families_of, sums_of


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A payment as it stands."""

    number: str
    amount_fen: int
    payees: tuple[PayeeSum, ...]
    paid: bool
    closed: bool
    address: str
    fault: bool


@step(power=MAY_PAY, methods=("GET",))
def show(request: StepRequest, number: str) -> HttpResponse:
    """Show a payment of one's own family."""
    attempt = billing.find_attempt(number)
    families = families_of(request.scope)
    if attempt is None:
        raise billing.UnableToFindOrder("There is no such order, or it is not yours.")
    order = billing.get_order(attempt.order_id, families=families)
    payees = sums_of(order.shares)
    address = ""
    if order.state is OrderState.OPEN:
        address = _begin(request, order, attempt)
    shown = OrderPage(
        number=number,
        amount_fen=order.amount_fen,
        payees=payees,
        paid=order.state is OrderState.PAID,
        closed=order.state is OrderState.CLOSED,
        address=address,
        fault=order.state is OrderState.OPEN and not address,
    )
    return page(request, "school_fees/order.html", shown)


@step(power=MAY_PAY, methods=("POST",))
def cancel(request: StepRequest, number: str) -> HttpResponse:
    """Cancel a payment that was begun; the fees may be chosen and paid anew."""
    attempt = billing.find_attempt(number)
    if attempt is None:
        raise billing.UnableToFindOrder("There is no such order, or it is not yours.")
    closed = cancel_payment(attempt.order_id, scope=request.scope, at=request.at)
    if closed:
        return HttpResponseRedirect(reverse("school_fees:pay"), status=303)
    return HttpResponseRedirect(reverse("school_fees:order", args=[number]), status=303)


def _begin(request: StepRequest, order: Order, attempt: Attempt) -> str:
    """Open the payment at the channel, once for a session, and return where the family pays."""
    kept: dict[str, str] = request.session.get("payments", {})
    if attempt.out_trade_no in kept:
        return kept[attempt.out_trade_no]
    adapter = billing.find_channel(attempt.channel.value)
    if adapter is None:
        return ""
    try:
        address = adapter.begin(
            attempt.out_trade_no,
            amount_fen=order.amount_fen,
            words="学校收费",
            expires_at=order.expires_at,
            notify=request.build_absolute_uri(f"/pay/notice/{attempt.channel.value}/"),
        )
    except (billing.Unreachable, billing.Forged):
        return ""
    request.session["payments"] = {**kept, attempt.out_trade_no: address}
    return address
