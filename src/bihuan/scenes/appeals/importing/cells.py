"""What stands in a cell: words, moments, the key of a row. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[ T]*(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2})?)?.*)?$"
)
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})$")
FIRST_YEAR = 2000
EXCEL_ZERO = date(1899, 12, 30)
OPENING = time(9)
"""A row that names only a day was received when the office opened."""


def words_of(cell: object) -> str:
    """Return a cell as words: a whole number without ``.0``, a day as one writes it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    words = cell if isinstance(cell, str) else str(cell)
    return (words if words.isprintable() else CONTROL.sub("", words)).strip()


def moment_of(cell: object) -> datetime | None:
    """Return the moment that a cell names, in China's time; None where it names none."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=CHINA)
    if isinstance(cell, date):
        return datetime.combine(cell, OPENING, CHINA)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _of_number(float(cell))
    return _of_words(words_of(cell))


def _of_number(number: float) -> datetime | None:
    if not 36_000 <= number <= 80_000:
        return _of_words(str(int(number))) if number.is_integer() else None
    day = EXCEL_ZERO + timedelta(days=int(number))
    passed = timedelta(seconds=round((number % 1) * 86_400))
    return datetime.combine(day, time.min, CHINA) + (passed or timedelta(hours=OPENING.hour))


def _of_words(words: str) -> datetime | None:
    found = MOMENT.match(words) or DIGITS.match(words)
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    if not FIRST_YEAR <= parts[0] <= 2200:
        return None
    if len(parts) == 3:
        parts.append(OPENING.hour)
    try:
        return datetime(*parts, tzinfo=CHINA)  # type: ignore[misc, arg-type]
    except ValueError:
        return None


def spread_moment(no: int, whole: int, first: date, last: date, key: str) -> datetime:
    """Return a moment between two days for row `no` of `whole`: in order, in office hours."""
    days = (last - first).days + 1
    day = first + timedelta(days=min(days - 1, no * days // max(1, whole)))
    minute = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 480
    return datetime.combine(day, time(8, 30), CHINA) + timedelta(minutes=minute)


def content_key(*contents: str) -> str:
    """Return the key of a row that has no number: a hash of what it says."""
    text = "\x00".join(contents)
    return "c:" + hashlib.sha256(text.encode()).hexdigest()[:40]


def pick(key: str, count: int) -> int:
    """Return a number below `count` that follows from `key` alone."""
    return int(hashlib.sha256(f"place:{key}".encode()).hexdigest()[:8], 16) % count


def as_utc(at: datetime) -> datetime:
    """Return the moment in UTC, as it is kept."""
    return at.astimezone(UTC)
