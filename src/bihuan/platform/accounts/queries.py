"""Reading accounts."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.platform.accounts.models import User


def usernames_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the sign-in name of each account, in one statement."""
    rows = User.objects.filter(pk__in=set(account_ids), is_active=True)
    return dict(rows.values_list("pk", "username"))
