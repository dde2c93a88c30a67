"""How allauth behaves here."""

from __future__ import annotations

import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from bihuan.platform.accounts import elsewhere
from bihuan.platform.crypto import sealing
from bihuan.platform.crypto.sealing import Place
from bihuan.platform.web.errors import Conflict, Refused

logger = logging.getLogger(__name__)
SECRETS = Place("mfa_authenticator", "data", "secret")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given, not taken: nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return that sign-up is closed."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Return whether the password is asked for again: not within minutes of signing in."""
        records = get_authentication_records(self.request, self.request.user)
        recent = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > recent for record in records)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors lie sealed; who must have one cannot drop it."""

    def encrypt(self, text: str) -> str:
        """Return the secret sealed, as hex."""
        return sealing.seal(text, SECRETS).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return sealing.unseal(bytes.fromhex(encrypted_text), SECRETS)

    def get_totp_issuer(self) -> str:
        """Return the name that stands in the telephone's list."""
        return "闭环"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the account may drop this factor."""
        user: AbstractBaseUser = authenticator.user
        return not getattr(user, "must_have_second_factor", False)


class ElsewhereAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An outside sign-in opens only the account that its owner linked with it."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the provider of the settings; what stands in the database does not count."""
        outside = elsewhere.current()
        if outside is None or provider not in {None, "openid_connect", outside.key}:
            return []
        if client_id not in {None, outside.client}:
            return []
        app = SocialApp(
            provider="openid_connect",
            provider_id=outside.key,
            name=outside.name,
            client_id=outside.client,
            secret=outside.secret,
            settings={"server_url": outside.issuer.rstrip("/")},
        )
        return [app]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return that nobody signs up by themselves."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who is linked, link who is signed in, and tell everybody else what to do.

        Raises:
            Refused: no account is linked with this sign-in.
            Conflict: it is linked with another account, or the account with another sign-in.
        """
        if sociallogin.state.get("process") != AuthProcess.CONNECT:
            if not sociallogin.is_existing:
                raise Refused(
                    "No account is linked with this sign-in. Sign in with your name and password "
                    "first, then link it on the page My account."
                )
            return
        if not request.user.is_authenticated:
            raise Refused("You are no longer signed in. Sign in, then link again, please.")
        if sociallogin.is_existing and sociallogin.user != request.user:
            raise Conflict("This sign-in is already linked with another account.")
        own = SocialAccount.objects.filter(user=request.user, provider=sociallogin.account.provider)
        if own.exclude(uid=sociallogin.account.uid).exists():
            raise Conflict("Your account is linked with another sign-in. End that link first.")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say in words that it did not work.

        Raises:
            Refused: always.
        """
        if error == AuthError.CANCELLED:
            raise Refused("You ended the sign-in there. Nothing has changed here.")
        logger.warning("sign-in elsewhere failed: %s", exception or error)
        raise Refused("The sign-in there could not be confirmed. Begin again, please.")

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        """Return the own account's page."""
        return reverse("account_own")


def note_link(sociallogin: SocialLogin, **_: Any) -> None:
    """Write into the service's log that an account was linked."""
    logger.info("account %s: linked with the sign-in elsewhere", sociallogin.user.pk)
