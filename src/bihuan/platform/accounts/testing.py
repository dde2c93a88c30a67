"""Signing in without a browser, for tests and worlds."""

from __future__ import annotations

from django.test import Client

from bihuan.platform.accounts.actor import ACTIVATED, SECOND_FACTOR
from bihuan.platform.accounts.models import User


def sign_in(client: Client, account: User) -> Client:
    """Sign `account` in with both factors and return the client."""
    client.force_login(account)
    session = client.session
    session[SECOND_FACTOR] = ACTIVATED
    session.save()
    return client
