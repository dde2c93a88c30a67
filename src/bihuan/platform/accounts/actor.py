"""Who is at the door, as far as accounts know: an account and how it came in."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

SECOND_FACTOR = "second_factor"
"""Key of the session: how the second factor was shown (``activated``, ``demo``)."""
DEMO, ACTIVATED = "demo", "activated"


@dataclass(frozen=True, slots=True)
class Actor:
    """An account at the door. `account_id` is None for somebody who has not signed in."""

    account_id: int | None = None
    username: str = ""
    with_second_factor: bool = False
    is_demo: bool = False


def actor_of(request: HttpRequest) -> Actor:
    """Return who sent the request."""
    if not request.user.is_authenticated:
        return Actor()
    mark = request.session.get(SECOND_FACTOR, "")
    is_demo = mark == DEMO and settings.BIHUAN_DEMO
    methods = {record["method"] for record in get_authentication_records(request, request.user)}
    return Actor(
        account_id=request.user.pk,
        username=request.user.get_username(),
        with_second_factor=is_demo or mark == ACTIVATED or "mfa" in methods,
        is_demo=is_demo,
    )
