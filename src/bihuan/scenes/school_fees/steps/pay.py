"""What all children owe, on one page: choose voluntary items, see where the money goes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.billing.types import MAY_PAY
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform import clock
from bihuan.platform.ui.values import Empty
from bihuan.platform.web.commands import Answer
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.school_fees.operations import order_fees
from bihuan.scenes.school_fees.queries import Fees, get_fees


@dataclass(frozen=True, slots=True)
class PayPage:
    """The fees, and what is wrong."""

    fees: Fees
    fault: str
    empty: Empty


@step(power=MAY_PAY)
def show(request: StepRequest) -> HttpResponse:
    """Show what is owed; order it."""
    if request.method != "POST":
        return _page(request, "")
    taken = frozenset(int(x) for x in request.POST.getlist("take") if x.isdecimal())

    def effect(scope: Scope) -> Answer:
        return {"number": order_fees(taken, scope=scope, at=request.at).out_trade_no}

    try:
        number = perform_form(request, name="school_fees.order", effect=effect).answer["number"]
    except Refused as refused:
        return _page(request, refused.spoken(), status=refused.status)
    return HttpResponseRedirect(reverse("school_fees:order", args=[number]), status=303)


def _page(request: StepRequest, fault: str, *, status: int = 200) -> HttpResponse:
    fees = get_fees(request.scope, on=clock.business_date(request.at))
    empty = Empty(_("No school has billed your children now."))
    return page(request, "school_fees/pay.html", PayPage(fees, fault, empty), status=status)
