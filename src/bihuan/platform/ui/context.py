"""What every template knows: the reader's print and language, and this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from bihuan.platform import clock
from bihuan.platform.ui import helping, touring
from bihuan.platform.ui.words import chinese

PRINT_COOKIE = "bihuan_print"


@dataclass(frozen=True, slots=True)
class Look:
    """How the reader wants pages."""

    big: bool
    english: bool


def look(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's choice; it is a cookie and works without script."""
    big = request.COOKIES.get(PRINT_COOKIE) == "big"
    return {
        "look": Look(big=big, english=not chinese()),
        "now": clock.now(),
        "help_href": help_href(request),
        "tour": touring.stop_of(request),
    }


def help_href(request: HttpRequest) -> str:
    """Return where the help of this page stands; a page without one leads to the list of all."""
    match = getattr(request, "resolver_match", None)
    found = helping.page_of(match.view_name) if match else None
    back = urlencode({"from": request.path})
    if found is None:
        return f"{reverse('help:index')}?{back}"
    return f"{reverse('help:page', args=[found.key])}?{back}"
