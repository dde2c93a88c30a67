"""When and where invented people speak: the hours of a day, the days of a week, seasons, places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.ground.registry.types import Area
from bihuan.platform import clock

HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 14, 16, 14, 10, 6, 8, 12, 12, 11, 9, 8, 9, 9, 6, 4, 2)
"""How much is said in each hour of a day."""
WEEK = (12, 11, 10, 10, 10, 6, 5)
"""How much is said from Monday to Sunday."""
COMMON: Mapping[str, int] = {
    "rubbish": 15,
    "street_order": 14,
    "noise": 12,
    "street_lamp": 9,
    "housing": 9,
    "road": 8,
    "corridor": 6,
    "wages": 5,
    "transport": 5,
    "commerce": 5,
    "other": 5,
    "education": 4,
    "health": 4,
    "pollution": 4,
    "flooding": 3,
    "water_supply": 3,
    "power_supply": 2,
    "illegal_building": 2,
}
"""How often a class is spoken of, in a hundred and some."""
SEASONS: Mapping[str, tuple[int, float]] = {
    "flooding": (7, 4.0),
    "power_supply": (8, 2.0),
    "noise": (8, 1.6),
    "rubbish": (7, 1.4),
    "education": (9, 2.2),
    "street_lamp": (12, 1.6),
    "wages": (1, 2.4),
    "water_supply": (1, 1.5),
}
"""In which month most is said of a class, and how many times as much as in the month across."""


class Rhythm:
    """Draws moments over some days, classes that fit the month, and places that fit the people."""

    def __init__(self, rng: Any, *, first: datetime, last: datetime) -> None:
        """Weigh each hour from `first` to `last`; some days have weather of their own."""
        self.rng, self.last = rng, last
        self.hours: list[datetime] = []
        self.weights: list[float] = []
        at, mood = first, 1.0
        while at < last:
            local = at.astimezone(clock.CHINA)
            if local.hour == 0:
                mood = rng.uniform(0.75, 1.3)
            self.hours.append(at)
            self.weights.append(mood * HOURS[local.hour] * WEEK[local.weekday()])
            at += timedelta(hours=1)

    def moments(self, count: int) -> list[datetime]:
        """Return so many moments, in order."""
        hours = self.rng.choices(self.hours, self.weights, k=count)
        found = [hour + timedelta(seconds=self.rng.randrange(3600)) for hour in hours]
        return sorted(at for at in found if at < self.last)

    def class_at(self, at: datetime, among: Sequence[str] = tuple(COMMON)) -> str:
        """Return a class of which people speak in that month."""
        month = at.astimezone(clock.CHINA).month
        chosen: str = self.rng.choices(among, [COMMON[c] * _season(c, month) for c in among])[0]
        return chosen


def _season(code: str, month: int) -> float:
    if code not in SEASONS:
        return 1.0
    peak, times = SEASONS[code]
    apart = min((month - peak) % 12, (peak - month) % 12) / 6
    return times * (1 - apart) + apart


def weigh(rng: Any, villages: Sequence[Area]) -> list[float]:
    """Return how much is said in each village: more in town, and nowhere the same."""
    return [
        min(8.0, rng.paretovariate(1.4)) * (2.5 if "社区" in one.name or "居" in one.name else 1.0)
        for one in villages
    ]
