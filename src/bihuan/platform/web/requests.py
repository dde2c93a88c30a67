"""The typed request, and the one decorator without which no view may stand."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django_htmx.middleware import HtmxDetails

from bihuan.platform.accounts.models import User

P = ParamSpec("P")


class Request(HttpRequest):
    """A request as the middleware leaves it."""

    htmx: HtmxDetails
    user: User | AnonymousUser


View = Callable[Concatenate[Request, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def route(
    *, power: str, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[View[P]], PlainView[P]]:
    """Declare the opaque `power` that a view needs, and the methods it answers.

    The check itself belongs to who knows powers (the stage's ``step``); this keeps the
    declaration where a test finds it and refuses every other method.
    """
    allowed = frozenset(methods) | ({"HEAD", "OPTIONS"} if "GET" in methods else set())

    def declare(view: View[P]) -> PlainView[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(sorted(allowed))
            return view(cast("Request", request), *args, **kwargs)

        guarded.power = power  # type: ignore[attr-defined]
        guarded.methods = allowed  # type: ignore[attr-defined]
        return cast("PlainView[P]", guarded)

    return declare
