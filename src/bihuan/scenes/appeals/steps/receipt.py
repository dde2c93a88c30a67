"""The receipt: the number, and the code with which it is found without an account."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CaseView
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui.values import ExplainedDue
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.steps.holding import held


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What was received, and what happens by when."""

    view: CaseView
    code: str
    due: ExplainedDue | None


@step(power=EVERYBODY, methods=("GET",))
def show(request: StepRequest, number: str) -> HttpResponse:
    """Show the receipt to whoever holds it: who has just reported."""
    code = held(request, number)
    if not code:
        return HttpResponseRedirect(reverse("appeals:by_receipt", args=[number]))
    view = cases.get_case_by_receipt(number, code, scope=request.scope)
    due = case_web.explained_of(view, now=request.at)
    grouped = f"{code[:4]} {code[4:]}".upper()
    return page(request, "appeals/receipt.html", ReceiptPage(view, grouped, due))
