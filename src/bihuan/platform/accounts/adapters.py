"""How allauth behaves here."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from bihuan.platform.crypto import sealing
from bihuan.platform.crypto.sealing import Place

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
