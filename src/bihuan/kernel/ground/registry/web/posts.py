"""Choosing by which of one's posts one acts."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from bihuan.kernel.ground.registry.queries.scopes import scope_for
from bihuan.kernel.ground.registry.types import HANDLING, SIGNED_IN
from bihuan.kernel.ground.registry.web import CHOSEN_POST, StepRequest, step
from bihuan.platform.web.errors import NotFound


@step(power=SIGNED_IN, methods=("POST",))
def choose_post(request: StepRequest) -> HttpResponse:
    """Act by the post in ``post_id`` from now on, in this session."""
    try:
        post_id = int(request.POST.get("post_id", ""))
    except ValueError as error:
        raise NotFound("There is no such post.", code="no_post") from error
    chosen = scope_for(
        account_id=cast("int", request.user.pk),
        origin_door=request.scope.origin.door,
        purpose=HANDLING,
        post_id=post_id,
        at=request.at,
    )
    request.session[CHOSEN_POST] = chosen.post_id
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if safe else "/", status=303)
