"""The tab bar of the resident's pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import Side
from bihuan.platform.ui import values


def tabs(scope: Scope, here: str, *, unread: int | None = None) -> tuple[values.NavLink, ...]:
    """Return the ways of the tab bar; messages say how many are unread."""
    waiting = notices.count_unread(scope=scope, side=Side.RESIDENT) if unread is None else unread
    return (
        values.NavLink("/?resident", "home", _("Start"), here == "home"),
        values.NavLink(
            reverse("resident:matters"), "list-check", _("My matters"), here == "matters"
        ),
        values.NavLink(
            reverse("resident:messages"), "bell", _("Messages"), here == "messages", waiting
        ),
        values.NavLink(reverse("account_own"), "user", _("Me"), here == "me"),
    )
