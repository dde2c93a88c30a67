"""Playing days back: the strip of days, the way to each, to the day before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from bihuan.kernel.sight.indices.types import DayPart, DaySpan
from bihuan.platform import clock
from bihuan.platform.ui.words import day_words, moment_words

STRIP, TALL = 14, 96
"""How wide a day stands in the strip, and how high the highest."""

DayAddress = Callable[[date | None], str]


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of the strip: open matters as a bar, the overdue ones in it."""

    x: int
    y: int
    height: int
    red_y: int
    red: int
    href: str
    told: str
    now: bool


@dataclass(frozen=True, slots=True)
class Playback:
    """The days to choose from. `n` of `last` is the place of the slider; the last is now."""

    when: str
    as_of: str
    day: str
    bars: tuple[DayBar, ...]
    view_box: str
    n: int
    last: int
    before: str
    after: str
    first: str
    present: str
    note: str
    live: bool


def read_day(given: QueryDict, span: DaySpan, at: datetime) -> date | None:
    """Return the day that an address asks for; None for now.

    `n` is the place of a slider, the first counted day being 0. What cannot be read is now.
    """
    today = clock.business_date(at)
    text, n = given.get("day", ""), given.get("n", "")
    try:
        if text:
            day = date.fromisoformat(text)
        elif n and span.first is not None:
            day = span.first + timedelta(days=int(n))
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return None if day >= today else day


def play(
    days: tuple[DayPart, ...], day: date | None, address: DayAddress, *, at: datetime
) -> Playback:
    """Return the strip around a day."""
    most = max((one.open for one in days), default=0) or 1
    n = len(days) if day is None or not days else (day - days[0].day).days
    return Playback(
        when=_("Now, %(time)s") % {"time": moment_words(at, at)}
        if day is None
        else _("Evening of %(day)s") % {"day": day_words(day, weekday=True)},
        as_of=moment_words(at, at),
        day="" if day is None else day.isoformat(),
        bars=tuple(
            _bar(i, one, most, address(one.day), one.day == day) for i, one in enumerate(days)
        ),
        view_box=f"0 0 {max(1, len(days)) * STRIP} {TALL}",
        n=n,
        last=len(days),
        before=address(days[n - 1].day) if days and n > 0 else "",
        after="" if day is None else address(days[n + 1].day if n + 1 < len(days) else None),
        first=address(days[0].day) if days else "",
        present=address(None),
        note="" if days else _("The days before are being counted; look again in a few minutes."),
        live=day is None,
    )


def _bar(n: int, one: DayPart, most: int, href: str, now: bool) -> DayBar:
    height = round(TALL * one.open / most)
    red = round(TALL * one.overdue / most)
    words = _("%(day)s: %(open)s open, %(overdue)s overdue")
    told = words % {"day": day_words(one.day), "open": one.open, "overdue": one.overdue}
    return DayBar(n * STRIP, TALL - height, height, TALL - red, red, href, told, now)
