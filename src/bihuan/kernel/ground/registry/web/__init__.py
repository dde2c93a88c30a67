"""A view with a power, a Scope and one moment; a form's write, once.

Rooms below the stage use it for their own pages; scenes know it as ``stage.step``.
"""

from __future__ import annotations

import functools
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry.kinds import find_duty
from bihuan.kernel.ground.registry.queries.people import get_person_card
from bihuan.kernel.ground.registry.queries.scopes import anonymous_scope, scope_for
from bihuan.kernel.ground.registry.types import HANDLING, Power, Scope
from bihuan.platform import clock
from bihuan.platform.web.commands import Answer, Performed, Sent, perform
from bihuan.platform.web.errors import Mismatch, NotAllowed
from bihuan.platform.web.requests import PlainView, Request, View, route

P = ParamSpec("P")

CHOSEN_POST = "post_id"
"""Key of the session: the post that somebody with several acts by."""


class StepRequest(Request):
    """A request whose asker and moment are known."""

    scope: Scope
    at: datetime
    mismatch: Mismatch | None
    """Set when the form's id was used for other contents: no answer may then look like success."""


StepView = Callable[Concatenate[StepRequest, P], HttpResponse]


def step(
    *, power: Power, methods: tuple[str, ...] = ("GET", "POST"), door: Door = Door.WEB
) -> Callable[[StepView[P]], PlainView[P]]:
    """Guard a view by `power` and give its request a Scope and one moment.

    Without sign-in a reader is sent to sign in and brought back; signed in without the power he
    is told so. The public power needs neither.
    """

    def declare(view: StepView[P]) -> PlainView[P]:
        @functools.wraps(view)
        def entered(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast("StepRequest", request)
            asked.at = clock.now()
            asked.mismatch = None
            asked.scope = scope_of(asked, door=door)
            if not asked.scope.has(power):
                return _turn_away(asked)
            return _told_plainly(asked, view(asked, *args, **kwargs))

        return route(power=power, methods=methods)(cast("View[P]", entered))

    return declare


def _told_plainly(request: StepRequest, answer: HttpResponse) -> HttpResponse:
    if request.mismatch is not None and answer.status_code < 400:
        raise request.mismatch
    return answer


def scope_of(request: Request, *, door: Door = Door.WEB) -> Scope:
    """Return who asks, from sign-in and the post chosen in this session.

    A chosen post that has ended meanwhile is forgotten, and the first in force counts.
    """
    if not request.user.is_authenticated:
        return anonymous_scope(door)
    chosen = request.session.get(CHOSEN_POST)
    try:
        return _scope(request, door, chosen)
    except NotAllowed:
        del request.session[CHOSEN_POST]
        return _scope(request, door, None)


def _scope(request: Request, door: Door, post_id: int | None) -> Scope:
    return scope_for(
        account_id=cast("int", request.user.pk),
        origin_door=door,
        purpose=HANDLING,
        post_id=post_id,
        at=clock.now(),
    )


def _turn_away(request: StepRequest) -> HttpResponse:
    if request.user.is_authenticated:
        raise NotAllowed("This page belongs to another post. Ask your unit if you need it.")
    if request.headers.get("Accept", "").startswith("application/json"):
        said = {"error": "sign_in", "words": _("Sign in, please."), "address": settings.LOGIN_URL}
        return JsonResponse(said, status=401)
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{query}")


def command_id_of(request: StepRequest) -> UUID:
    """Return the id that the form carries; a form without one gets a fresh one and no replay."""
    try:
        return UUID(request.POST.get("command_id", ""))
    except ValueError:
        return uuid.uuid4()


def sender_of(request: StepRequest) -> str:
    """Return who may have a stored answer again."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    return "public"


def perform_form(
    request: StepRequest, *, name: str, effect: Callable[[Scope], Answer], contents: Any = None
) -> Performed:
    """Carry out a form's write once; sent twice, it gets the same answer.

    The same id for other contents or at another address is refused, whatever the page then does.

    `effect` receives the Scope with the command's id in its origin.
    """
    command_id = command_id_of(request)
    kept = contents if contents is not None else _contents(request)
    where_and_what = [request.path, kept]
    sent = Sent(
        command_id=command_id, name=name, sender=sender_of(request), contents=where_and_what
    )
    scope = with_command(request.scope, command_id)
    try:
        return perform(sent, lambda: effect(scope), at=request.at)
    except Mismatch as mismatch:
        request.mismatch = mismatch
        raise


def _contents(request: StepRequest) -> dict[str, list[str]]:
    skipped = {"csrfmiddlewaretoken", "command_id"}
    posted = {key: request.POST.getlist(key) for key in request.POST if key not in skipped}
    files = {key: [_digest(f) for f in request.FILES.getlist(key)] for key in request.FILES}
    return posted | files


def _digest(file: UploadedFile[Any]) -> str:
    """Return a hash of a file, and leave it as if nobody had read it."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def with_command(scope: Scope, command_id: UUID) -> Scope:
    """Return the scope with the command's id in its origin."""
    return scope.through(replace(scope.origin, command_id=command_id))


def who_of(request: StepRequest) -> str:
    """Return who is signed in, masked, and by which duty: what the head of a page says."""
    if request.scope.person_id is None:
        return str(request.user.get_username())
    card = get_person_card(request.scope.person_id)
    duty = next((find_duty(code) for code in request.scope.duties), None)
    return f"{card.name} · {_(duty.title)}" if duty else card.name
