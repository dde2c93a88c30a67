"""Signing in without a browser, for tests and worlds."""

from __future__ import annotations

from django.test import Client

from bihuan.platform.accounts.actor import ACTIVATED, SECOND_FACTOR
from bihuan.platform.accounts.models import User


def sign_in(client: Client, account: User, *, first_time: bool = False) -> Client:
    """Sign `account` in with both factors and return the client.

    Who signs in for the first time is shown round; tests do without it unless they ask.
    """
    client.force_login(account)
    session = client.session
    session[SECOND_FACTOR] = ACTIVATED
    if not first_time:
        session.pop("tours", None)
    session.save()
    return client
