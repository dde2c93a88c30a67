"""How dates, spans and amounts are said: as Chinese readers write them, or in plain English."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

CHINA = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
MONTHS = "January February March April May June July August September October November December"


def chinese() -> bool:
    """Return whether the reader reads Chinese."""
    return (get_language() or "zh-hans").startswith("zh")


def _month(day: date) -> str:
    return MONTHS.split()[day.month - 1]


def day_words(day: date, *, weekday: bool = False) -> str:
    """Return a day: ``6月26日（周五）`` or ``26 June (Friday)``."""
    if chinese():
        tail = f"（周{WEEKDAYS[day.weekday()]}）" if weekday else ""
        return f"{day.month}月{day.day}日{tail}"
    tail = f" ({day:%A})" if weekday else ""
    return f"{day.day} {_month(day)}{tail}"


def span_words(first: date, last: date) -> str:
    """Return a span of days: ``6月19日至21日``; one day is that day."""
    if first == last:
        return day_words(first)
    if not chinese():
        same = first.month == last.month
        return f"{first.day if same else day_words(first)} to {day_words(last)}"
    if first.month == last.month:
        return f"{day_words(first)}至{last.day}日"
    return f"{day_words(first)}至{day_words(last)}"


def clock_words(at: datetime) -> str:
    """Return the time of day in China: ``17:00``."""
    return f"{at.astimezone(CHINA):%H:%M}"


def moment_words(at: datetime, now: datetime) -> str:
    """Return a moment as one would say it now: ``今天 10:50``, ``6月23日 09:12``."""
    local, today = at.astimezone(CHINA), now.astimezone(CHINA).date()
    near = {
        today: ("今天", "today"),
        today - timedelta(days=1): ("昨天", "yesterday"),
        today + timedelta(days=1): ("明天", "tomorrow"),
    }.get(local.date())
    if near is not None:
        return f"{near[0 if chinese() else 1]} {local:%H:%M}"
    year = "" if local.year == today.year else (f"{local.year}年" if chinese() else "")
    tail = "" if local.year == today.year or chinese() else f" {local.year}"
    return f"{year}{day_words(local.date())}{tail} {local:%H:%M}"


def due_words(at: datetime) -> str:
    """Return a due time in full: ``6月26日（周五）17:00``."""
    local = at.astimezone(CHINA)
    gap = "" if chinese() else " "
    return f"{day_words(local.date(), weekday=True)}{gap}{local:%H:%M}"


def number_words(value: float, *, digits: int = 0) -> str:
    """Return a number with thousands separated and a true minus."""
    return f"{value:,.{digits}f}".replace("-", "−")


def money_words(fen: int) -> str:
    """Return an amount of fen in yuan: ``3,957.50``."""
    return number_words(fen / 100, digits=2)
