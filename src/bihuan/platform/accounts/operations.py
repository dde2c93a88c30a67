"""Writing accounts."""

from __future__ import annotations

from bihuan.platform.accounts.models import User


def create_account(username: str, *, password: str | None = None) -> User:
    """Create an account; without a password it can only be entered by the demo's one click."""
    return User.objects.create_user(username=username, password=password)


def require_second_factor(account_id: int) -> None:
    """Let the account in only with a second factor from now on. Safe to run again."""
    User.objects.filter(pk=account_id, must_have_second_factor=False).update(
        must_have_second_factor=True
    )
