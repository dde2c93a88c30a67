"""Writing accounts."""

from __future__ import annotations

import logging

from allauth.socialaccount.models import SocialAccount

from bihuan.platform.accounts.models import User
from bihuan.platform.web.errors import Refused

logger = logging.getLogger(__name__)


def create_account(username: str, *, password: str | None = None) -> User:
    """Create an account; without a password it can only be entered by the demo's one click."""
    return User.objects.create_user(username=username, password=password)


def require_second_factor(account_id: int) -> None:
    """Let the account in only with a second factor from now on. Safe to run again."""
    User.objects.filter(pk=account_id, must_have_second_factor=False).update(
        must_have_second_factor=True
    )


def end_link(account_id: int) -> None:
    """End every link of the account with a sign-in elsewhere. Safe to run again.

    Raises:
        Refused: the account has no password, so the link is the only way in.
    """
    if not User.objects.get(pk=account_id).has_usable_password():
        raise Refused("This account has no password yet. Ask your administrator to give it one.")
    SocialAccount.objects.filter(user_id=account_id).delete()
    logger.info("account %s: link with the sign-in elsewhere ended", account_id)
