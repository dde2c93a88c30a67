"""Keeping a list under a name, keeping ready words."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.worklist import require_trays
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import MAY_HANDLE
from bihuan.kernel.affairs.cases.web import back_of
from bihuan.kernel.ground.registry.types import SIGNED_IN, Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.web.errors import Refused


@step(power=SIGNED_IN, methods=("POST",))
def save_filter(request: StepRequest) -> HttpResponse:
    """Keep the present list under a name, or forget one."""
    require_trays(request.scope)
    query = request.POST.get("query", "")
    drop = request.POST.get("drop", "")

    def act(scope: Scope) -> dict[str, str]:
        if drop.isdigit():
            cases.drop_filter(int(drop), scope=scope)
        else:
            cases.save_filter(request.POST.get("name", ""), query, scope=scope)
        return {}

    return _done(request, "cases.filter", act, reverse("officer:worklist") + f"?{query}")


@step(power=MAY_HANDLE, methods=("POST",))
def save_template(request: StepRequest) -> HttpResponse:
    """Keep words with which one's unit answers often."""

    def act(scope: Scope) -> dict[str, str]:
        given = (request.POST.get("name", ""), request.POST.get("words", ""))
        cases.save_template(*given, scope=scope)
        return {}

    back = back_of(request, reverse("officer:worklist"))
    return _done(request, "cases.template", act, back)


def _done(
    request: StepRequest, name: str, act: Callable[[Scope], dict[str, str]], back: str
) -> HttpResponse:
    try:
        perform_form(request, name=name, effect=act)
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(back, status=303)
