"""What every template knows: the reader's print and language, and this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from bihuan.platform import clock
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
    return {"look": Look(big=big, english=not chinese()), "now": clock.now()}
