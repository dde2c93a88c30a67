"""What an address asks for: the area and the month; and how an address says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, Scope
from bihuan.platform import clock
from bihuan.platform.web.errors import NotFound


@dataclass(frozen=True, slots=True)
class Wanted:
    """An area and a month; `fault` says what could not be read."""

    area: Area
    month: date
    fault: str = ""
    typed: str = ""

    @property
    def query(self) -> str:
        """Return it as the tail of an address."""
        return urlencode({"area": self.area.code, "month": f"{self.month:%Y-%m}"})

    def month_or_none(self, at: datetime) -> date | None:
        """Return the month; None for the present one."""
        return None if self.month == clock.business_date(at).replace(day=1) else self.month


def read(given: QueryDict, *, scope: Scope, at: datetime) -> Wanted:
    """Return what an address asks for; the scope's own area and the present month by default.

    Raises:
        NotFound: no such area in the scope's care.
    """
    this = clock.business_date(at).replace(day=1)
    area = _area(given.get("area", ""), scope)
    text = given.get("month", "").strip()
    try:
        month = date.fromisoformat(f"{text}-01") if text else this
    except ValueError:
        return Wanted(area, this, _("Write the month like 2026-06. This month is shown."), text)
    if month > this:
        return Wanted(area, this, _("That month has not begun. This month is shown."), text)
    return Wanted(area, month, typed=f"{month:%Y-%m}")


def _area(code: str, scope: Scope) -> Area:
    if not code:
        own = scope.area_paths[0] if scope.area_paths else ""
        code = own.strip("/").rsplit("/", 1)[-1]
    area = registry.find_area(code)
    if area is None or not scope.covers(area.path):
        raise NotFound("There is no such area in your care.")
    return area
