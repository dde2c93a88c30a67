"""What every page of the desk stands in: the trays at the side, who one is, the unit."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_CALL_BACK,
    MAY_DISPATCH,
    MAY_HANDLE,
    MAY_SUPERVISE,
    MAY_VERIFY,
)
from bihuan.kernel.affairs.fieldwork.types import MAY_SEE_LOG
from bihuan.kernel.ground.clocks.types import MANAGE_CALENDAR
from bihuan.kernel.ground.privacy.types import MAY_AUDIT
from bihuan.kernel.ground.registry.types import MANAGE_UNITS, Scope
from bihuan.kernel.stage import api as stage
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_WATCH, Side
from bihuan.platform.ui import values

TRAYS = (
    ("accept", MAY_ACCEPT, "inbox"),
    ("dispatch", MAY_DISPATCH, "send"),
    ("handle", MAY_HANDLE, "tools"),
    ("verify", MAY_VERIFY, "eye-check"),
    ("decide", MAY_SUPERVISE, "clipboard-check"),
    ("answer", MAY_ACCEPT, "file-text"),
    ("call_back", MAY_CALL_BACK, "phone"),
    ("look_back", MAY_VERIFY, "refresh"),
    ("supervised", MAY_SUPERVISE, "bell"),
)


def tray_words(tray: str) -> str:
    """Return a tray in words."""
    return {
        "accept": _("To take on"),
        "dispatch": _("To dispatch"),
        "answer": _("Answers to approve"),
        "handle": _("To handle"),
        "verify": _("To verify"),
        "look_back": _("To look back at"),
        "call_back": _("To call back"),
        "decide": _("To decide"),
        "supervised": _("Supervised"),
        "all": _("All matters"),
    }[tray]


def nav_of(scope: Scope, here: str) -> tuple[values.NavLink, ...]:
    """Return the trays of one's post, one's messages, and what else one may see."""
    base = reverse("officer:worklist")
    items = [
        values.NavLink(f"{base}?tray={tray}", icon, tray_words(tray), tray == here)
        for tray, power, icon in TRAYS
        if scope.has(power)
    ]
    items.append(
        values.NavLink(f"{base}?tray=all", "layout-grid", tray_words("all"), here == "all")
    )
    unread = notices.count_unread(scope=scope, side=Side.OFFICER)
    to_messages = reverse("officer:messages")
    items.append(
        values.NavLink(to_messages, "news", _("Messages"), here == "messages", unread or None)
    )
    if scope.has(MAY_SEE_LOG):
        duty = reverse("officer:duty")
        items.append(values.NavLink(duty, "clock", _("On duty"), here == "duty"))
    if scope.has(MAY_WATCH):
        stuck = reverse("officer:stuck")
        items.append(
            values.NavLink(stuck, "alert-circle", _("Not getting through"), here == "stuck")
        )
    if scope.has(MAY_ACCEPT):
        address = reverse("officer:references")
        words = _("Petitions")
        items.append(values.NavLink(address, "building-community", words, here == "references"))
    items += _deadlines(scope, here)
    items += [
        values.NavLink(reverse(way.url_name), way.icon, _(way.words))
        for way in stage.nav("officer", scope)
    ]
    if scope.has(MAY_AUDIT):
        to_looks = reverse("officer:looks")
        items.append(values.NavLink(to_looks, "eye-check", _("Who looked"), here == "looks"))
    if "indices.see" in scope.powers:
        items.append(values.NavLink("/wall/", "chart-bar", _("The wall")))
    return tuple(items)


def _deadlines(scope: Scope, here: str) -> list[values.NavLink]:
    """Return the ways to what watches over deadlines."""
    ways = [
        ("uncovered", MAY_SUPERVISE, "list-check", _("Not covered")),
        ("limit_changes", MAY_SUPERVISE, "refresh", _("Changed limits")),
        ("calendar", MANAGE_CALENDAR, "calendar", _("Holidays and working days")),
        ("limits", MANAGE_CALENDAR, "refresh", _("Try a limit")),
        ("dissolve", MANAGE_UNITS, "building-community", _("Dissolve a unit")),
    ]
    return [
        values.NavLink(reverse(f"officer:{name}"), icon, words, here == name)
        for name, power, icon, words in ways
        if scope.has(power)
    ]


def place_of(scope: Scope) -> str:
    """Return the unit for which one acts."""
    return scope.unit_name
