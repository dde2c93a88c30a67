"""The channel's own page, played by the simulator; in the demo only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import MAY_PAY
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page
from bihuan.scenes.school_fees.demo import pay_at_simulator


@dataclass(frozen=True, slots=True)
class SimulatorPage:
    """What the channel would show."""

    number: str
    amount_fen: int


@step(power=MAY_PAY)
def show(request: StepRequest, number: str) -> HttpResponse:
    """Show the amount; pay it, and go back to our page."""
    attempt = billing.find_attempt(number)
    if attempt is None or not settings.BIHUAN_DEMO:
        raise NotFound("There is no such page.")
    if request.method == "POST":
        pay_at_simulator(number, attempt.amount_fen, at=request.at)
        return HttpResponseRedirect(reverse("school_fees:order", args=[number]), status=303)
    shown = SimulatorPage(number, attempt.amount_fen)
    return page(request, "school_fees/simulator.html", shown)
