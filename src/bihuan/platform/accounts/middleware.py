"""Sessions that sleep end; staff come in with two factors."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.platform import clock
from bihuan.platform.accounts.actor import actor_of

Answer = Callable[[HttpRequest], HttpResponse]
SEEN_AT = "seen_at"
"""Key of the session: when it was last used, in seconds since 1970."""
SEEN_EVERY = 60


def idle_sign_out(answer: Answer) -> Answer:
    """End a session that nobody used for longer than the settings allow."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return answer(request)
        now = clock.now().timestamp()
        seen = request.session.get(SEEN_AT, now)
        if now - seen > settings.BIHUAN_IDLE_MINUTES * 60:
            logout(request)
            return _to_sign_in(request, _("You were away for long. Sign in again, please."))
        if now - seen >= SEEN_EVERY or SEEN_AT not in request.session:
            request.session[SEEN_AT] = now
        return answer(request)

    return middleware


def second_factor(answer: Answer) -> Answer:
    """Send an account that needs a second factor, and came without, to set it up or enter it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _is_wanting(request):
            return answer(request)
        if Authenticator.objects.filter(
            user_id=request.user.pk, type=Authenticator.Type.TOTP
        ).exists():
            logout(request)
            return _to_sign_in(request, _("Sign in again with your second factor, please."))
        return _turned(request, reverse("mfa_activate_totp"), _("Set up the second factor first."))

    return middleware


def _is_wanting(request: HttpRequest) -> bool:
    if not settings.BIHUAN_SECOND_FACTOR or not request.user.is_authenticated:
        return False
    if request.path.startswith((settings.LOGIN_URL, settings.STATIC_URL)):
        return False
    needs = getattr(request.user, "must_have_second_factor", False)
    return bool(needs) and not actor_of(request).with_second_factor


def _to_sign_in(request: HttpRequest, words: str) -> HttpResponse:
    query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return _turned(request, f"{reverse('account_login')}?{query}".rstrip("?"), words)


def _turned(request: HttpRequest, address: str, words: str) -> HttpResponse:
    """Answer a program with words, a person with a page to go to."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": "sign_in", "words": words, "address": address}, status=401)
    response: HttpResponse = HttpResponseRedirect(address)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=200, headers={"HX-Redirect": address})
    return response
