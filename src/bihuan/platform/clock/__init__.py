"""The only reader of the wall clock.

Steps, desks, jobs and commands ask it once and hand the answer down as ``at``. Setting
``BIHUAN_CLOCK_OFFSET_SECONDS`` moves it for a whole process (demo worlds, journeys).
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    offset = float(os.environ.get("BIHUAN_CLOCK_OFFSET_SECONDS", "0"))
    return datetime.now(UTC) + timedelta(seconds=offset)


def business_date(at: datetime) -> date:
    """Return the day in China on which `at` lies; rules are those of the business date."""
    return at.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """Return the moment at which `day` begins in China."""
    return datetime.combine(day, time.min, tzinfo=CHINA)
