"""Reading accounts."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.platform.accounts.models import User


def usernames_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the sign-in name of each account, in one statement."""
    rows = User.objects.filter(pk__in=set(account_ids), is_active=True)
    return dict(rows.values_list("pk", "username"))


def list_usernames() -> dict[int, str]:
    """Return every open account's sign-in name, oldest first; the demo shows them."""
    return dict(User.objects.filter(is_active=True).order_by("pk").values_list("pk", "username"))
