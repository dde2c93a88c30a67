"""Signing in and out, the second factor, one's own sessions. The flows are allauth's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from bihuan.platform.accounts import elsewhere, outside
from bihuan.platform.accounts.actor import ACTIVATED, DEMO, SECOND_FACTOR
from bihuan.platform.accounts.models import User
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.platform.web.requests import PlainView, Request, route

ANYBODY, SIGNED_IN = "public", "signed_in"


def _mounted(view: Any, power: str) -> PlainView[...]:
    """Return one of allauth's views with its power declared and kept."""
    inner = login_required(view) if power == SIGNED_IN else view

    def show(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = inner(request, *args, **kwargs)
        return response

    return route(power=power)(show)


def _let_forms_go_to(provider: elsewhere.Provider | None, request: HttpRequest) -> None:
    """Let the forms of this page be sent on to the provider; see the content security policy."""
    if provider:
        request.form_origins = provider.origins  # type: ignore[attr-defined]


class _SignIn(account_views.LoginView):  # type: ignore[misc]
    """Allauth's page, with the name of the outside provider, if there is one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        provider = elsewhere.current()
        _let_forms_go_to(provider, self.request)
        more = {"elsewhere": provider.name if provider else ""}
        return cast("dict[str, Any]", super().get_context_data(**kwargs)) | more


sign_in = _mounted(_SignIn.as_view(), ANYBODY)
sign_out = _mounted(account_views.logout, ANYBODY)
inactive = _mounted(account_views.account_inactive, ANYBODY)
reauthenticate = _mounted(account_views.reauthenticate, SIGNED_IN)


def _change_password(request: Request) -> HttpResponse:
    """Change one's password; an account that never had one is told who can give it one."""
    if not cast("User", request.user).has_usable_password():
        raise Refused("This account has no password yet. Ask your administrator to give it one.")
    response: HttpResponse = account_views.password_change(request)
    return response


change_password = _mounted(_change_password, SIGNED_IN)
enter_factor = _mounted(factor_views.authenticate, ANYBODY)
reenter_factor = _mounted(factor_views.reauthenticate, SIGNED_IN)
drop_factor = _mounted(totp_views.deactivate_totp, SIGNED_IN)
show_codes = _mounted(code_views.view_recovery_codes, SIGNED_IN)
make_codes = _mounted(code_views.generate_recovery_codes, SIGNED_IN)


def _activate(request: Request) -> HttpResponse:
    """Set up the second factor; who has just done so need not enter it again at once."""
    before = _has_factor(request)
    response: HttpResponse = totp_views.activate_totp(request)
    if not before and request.method == "POST" and _has_factor(request):
        request.session[SECOND_FACTOR] = ACTIVATED
    return response


activate_factor = _mounted(_activate, SIGNED_IN)


def _has_factor(request: HttpRequest) -> bool:
    totp = Authenticator.Type.TOTP
    return bool(Authenticator.objects.filter(user_id=request.user.pk, type=totp).exists())


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where the account is signed in."""

    id: int
    is_this: bool
    ip: str
    program: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What the account's own page shows."""

    username: str
    has_factor: bool
    must_have_factor: bool
    elsewhere: str
    is_linked: bool
    sessions: tuple[OpenSession, ...]


def _own(request: Request) -> HttpResponse:
    """Show how one signs in and where one is signed in."""
    here = request.session.session_key
    open_ones = tuple(
        OpenSession(
            id=row.pk,
            is_this=row.session_key == here,
            ip=row.ip,
            program=program_of(row.user_agent),
            since=row.created_at,
        )
        for row in UserSession.objects.purge_and_list(request.user)
    )
    user = cast("User", request.user)
    must = user.must_have_second_factor
    provider = elsewhere.current()
    _let_forms_go_to(provider, request)
    value = OwnAccount(
        username=user.username,
        has_factor=_has_factor(request),
        must_have_factor=must,
        elsewhere=provider.name if provider else "",
        is_linked=outside.is_linked(user.pk),
        sessions=open_ones,
    )
    return page(request, "accounts/own.html", value)


own_account = _mounted(_own, SIGNED_IN)


@require_POST
def _end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of the own sessions; another's cannot even be named."""
    row = get_object_or_404(UserSession, pk=session_id, user_id=request.user.pk)
    row.end()
    return HttpResponseRedirect(reverse("account_own"))


end_session = _mounted(_end_session, SIGNED_IN)


def program_of(user_agent: str) -> str:
    """Return a word by which one knows the browser or telephone again."""
    known = {
        "MicroMessenger": "WeChat",
        "HarmonyOS": "HarmonyOS",
        "Android": "Android",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Windows": "Windows",
        "Macintosh": "Mac",
        "Linux": "Linux",
    }
    return next((word for mark, word in known.items() if mark in user_agent), "?")


@route(power=ANYBODY, methods=("GET", "POST"))
def enter_as(request: Request, username: str) -> HttpResponse:
    """Sign in with one click. The address exists only in the demo; elsewhere this refuses too."""
    if not settings.BIHUAN_DEMO:
        raise Http404
    user = get_object_or_404(User, username=username, is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SECOND_FACTOR] = DEMO
    UserSession.objects.create_from_request(request)
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if safe else settings.LOGIN_REDIRECT_URL)
