"""Pure decisions: drawing by lot from a public seed, merging visits, cutting to the cap.

The lot is a hash, so that anybody can draw again with any tool: of ``seed|unit|firm`` the SHA-256
in hexadecimal; the smallest are drawn. The method is printed beside each draw.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from bihuan.scenes.joint_inspection.types import Entry, Joint

FIRST, LAST = 10, 345
"""Days of the year among which a visit is drawn; the rest is for what slipped."""


def lot(seed: str, *words: str) -> str:
    """Return the lot of something: a hash that nobody can choose."""
    return hashlib.sha256("|".join((seed, *words)).encode()).hexdigest()


def draw(seed: str, unit: str, pool: Iterable[str], share: float) -> tuple[str, ...]:
    """Return the drawn part of the pool for a unit, at least one, in the order of their lots."""
    ranked = sorted((lot(seed, unit, key), key) for key in pool)
    return tuple(key for _lot, key in ranked[: math.ceil(len(ranked) * share)])


def day_of(seed: str, unit: str, firm: str, year: int, turn: int = 0) -> date:
    """Return the day of the year that the lot gives a unit for a firm."""
    number = int(lot(seed, unit, firm, "day", str(turn))[:12], 16)
    return date(year, 1, 1) + timedelta(days=FIRST + number % (LAST - FIRST))


def draw_officers(
    seed: str, unit: str, firm: str, certificates: Sequence[str], count: int = 2
) -> tuple[str, ...]:
    """Return the certificate numbers of the officers whom the lot gives to a visit."""
    ranked = sorted((lot(seed, unit, firm, "officer", number), number) for number in certificates)
    return tuple(number for _lot, number in ranked[:count])


def pool_hash(pool: Mapping[str, Sequence[str]]) -> str:
    """Return the hash of a pool, fixed before the seed is drawn: ``unit|firm`` a line, sorted."""
    lines = sorted(f"{unit}|{key}" for unit, keys in pool.items() for key in keys)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def merge(entries: Iterable[Entry], window_days: int) -> tuple[Joint, ...]:
    """Return the fewest visits such that each entry lies within the window of its visit.

    For each firm, in the order of days: a visit is set as late as the earliest entry allows, and
    takes with it every entry that it reaches. This greedy choice is the smallest possible one
    (stabbing intervals), whatever the order of entries.
    """
    by_firm: dict[str, list[Entry]] = {}
    for entry in entries:
        by_firm.setdefault(entry.firm, []).append(entry)
    window = timedelta(days=window_days)
    visits: list[Joint] = []
    for firm in sorted(by_firm):
        waiting = sorted(by_firm[firm], key=lambda e: (e.day, e.unit))
        while waiting:
            reach = waiting[0].day + 2 * window
            taken = tuple(e for e in waiting if e.day <= reach)
            waiting = waiting[len(taken) :]
            visits.append(Joint(firm, _middle(taken, window), taken))
    return tuple(visits)


def _middle(taken: Sequence[Entry], window: timedelta) -> date:
    """Return the day nearest to the middle of the entries that all of them reach."""
    earliest, latest = taken[-1].day - window, taken[0].day + window
    middle = taken[0].day + (taken[-1].day - taken[0].day) / 2
    return min(max(middle, earliest), latest)


def cut_to_cap(entries: Iterable[Entry], cap: int) -> tuple[Entry, ...]:
    """Return the entries of which no unit sees a firm more than `cap` times; the first stay."""
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for entry in sorted(entries, key=lambda e: (e.day, e.unit, e.firm)):
        key = (entry.unit, entry.firm)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= cap:
            kept.append(entry)
    return tuple(kept)


def working_day(day: date, off: Iterable[date], window: range) -> date:
    """Return the nearest day to `day` that is worked, within the offsets of `window`."""
    closed = set(off)
    offsets = sorted(window, key=lambda n: (abs(n), n))
    days = (day + timedelta(days=n) for n in offsets)
    return next((d for d in days if d not in closed), day)
