"""Signing in through the outside provider; linking it with one's account, and ending that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from requests import RequestException

from bihuan.platform.accounts import elsewhere, operations
from bihuan.platform.accounts.actor import actor_of
from bihuan.platform.accounts.provider import Elsewhere, Exchange, Return
from bihuan.platform.web.errors import NotAllowed, Refused
from bihuan.platform.web.requests import Request, route

logger = logging.getLogger(__name__)
ANYBODY, SIGNED_IN = "public", "signed_in"
BROKEN = (RequestException, OAuth2Error, KeyError, ValueError)
"""What an answer of the provider that is no answer ends in."""


def _provider(request: Request) -> Elsewhere:
    outside = elsewhere.current()
    if outside is None:
        raise Http404
    found: Elsewhere = get_adapter().get_provider(request, outside.key)
    return found


def _asking(ask: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return ask()
    except BROKEN as error:
        logger.warning("sign-in elsewhere failed: %r", error)
        raise Refused(
            "The sign-in there does not answer as it should. Sign in with your name and password, "
            "or try again later."
        ) from error


@route(power=ANYBODY, methods=("POST",))
def sign_in_elsewhere(request: Request) -> HttpResponse:
    """Send somebody to the provider to sign in."""
    provider, wanted = _provider(request), get_next_redirect_url(request)
    return _asking(lambda: provider.begin(request, AuthProcess.LOGIN, wanted))


@route(power=ANYBODY, methods=("GET",))
def come_back(request: Request) -> HttpResponse:
    """Take somebody who comes back from the provider."""
    provider = _provider(request)
    exchange = Exchange(request, provider.sub_id)
    answer: HttpResponse = _asking(lambda: Return.adapter_view(exchange)(request))
    return answer


@route(power=SIGNED_IN, methods=("POST",))
@login_required
def link(request: Request) -> HttpResponse:
    """Link the account with a sign-in at the provider: one goes there once."""
    provider = _provider(request)
    needs = settings.BIHUAN_SECOND_FACTOR and getattr(
        request.user, "must_have_second_factor", False
    )
    if needs and not actor_of(request).with_second_factor:
        raise NotAllowed("Set up the second factor first.")
    return _asking(lambda: provider.begin(request, AuthProcess.CONNECT, None))


@route(power=SIGNED_IN, methods=("POST",))
@login_required
def end_link(request: Request) -> HttpResponse:
    """End the link; the password must remain as a way in."""
    operations.end_link(cast("int", request.user.pk))
    return HttpResponseRedirect(reverse("account_own"))


def is_linked(account_id: int) -> bool:
    """Return whether the account is linked with the provider of this installation."""
    outside = elsewhere.current()
    if outside is None:
        return False
    rows = SocialAccount.objects.filter(user_id=account_id, provider=outside.key)
    return bool(rows.exists())
