"""Pure decisions about notices: when to ring, when again, by which way next, what is too much."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bihuan.kernel.tools.notices.types import ChannelName, QuietHours, Quota, Used
from bihuan.platform.clock import CHINA

_LONG_NUMBER = re.compile(r"\d{5,}[Xx]?")


def quiet_from(value: dict[str, str]) -> QuietHours:
    """Return the hours that a standard holds: ``{begins: "21:00", ends: "07:30"}``."""
    return QuietHours(time.fromisoformat(value["begins"]), time.fromisoformat(value["ends"]))


def is_quiet(at: datetime, hours: QuietHours) -> bool:
    """Return whether `at` lies in the quiet hours; they may go over midnight."""
    now = at.astimezone(CHINA).time()
    if hours.begins <= hours.ends:
        return hours.begins <= now < hours.ends
    return now >= hours.begins or now < hours.ends


def not_in_quiet(at: datetime, hours: QuietHours) -> datetime:
    """Return `at`, or the end of the quiet hours in which it lies."""
    if not is_quiet(at, hours):
        return at
    local = at.astimezone(CHINA)
    next_day = hours.begins > hours.ends and local.time() >= hours.begins
    day = local.date() + timedelta(days=1 if next_day else 0)
    return datetime.combine(day, hours.ends, tzinfo=CHINA)


def next_try(attempts: int, ladder: Sequence[int], at: datetime) -> datetime | None:
    """Return when to try again after so many `attempts`; None when the ladder is climbed."""
    if attempts > len(ladder):
        return None
    return at + timedelta(seconds=ladder[max(attempts, 1) - 1])


def next_channel(
    preferred: Sequence[ChannelName],
    *,
    tried: Collection[ChannelName],
    configured: Collection[ChannelName],
    off: Collection[ChannelName],
) -> ChannelName | None:
    """Return the first way that is there, wanted and not yet tried."""
    for channel in preferred:
        if channel in configured and channel not in off and channel not in tried:
            return channel
    return None


def is_over(quota: Quota, used: Used, *, urgent: bool) -> bool:
    """Return whether one more is too many today. What is urgent passes the recipient's limit."""
    if used.in_all >= quota.per_day:
        return True
    return not urgent and used.to_recipient >= quota.per_recipient


def scrub(text: str) -> str:
    """Return a provider's words without any long number: a phone may stand in them."""
    return _LONG_NUMBER.sub("…", text)[:300]


def moment_names(params: dict[str, Any]) -> list[str]:
    """Return the names of the parameters that are moments."""
    return [name for name in params if name.endswith("_at") and params[name]]
