"""Decisions at the front door: what is asked for, what is masked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.open311.types import (
    CLOSED,
    MOST_DAYS,
    MOST_IDS,
    MOST_ROWS,
    OPEN,
    Wanted,
)

NUMBER = re.compile(r"[A-Z0-9-]{4,40}", re.ASCII)
CODE = re.compile(r"[a-z_]{2,40}", re.ASCII)
WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)

PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
LINE = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)\d{15}(?!\d)")
CARD = re.compile(r"(?<!\d)\d{16,19}(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}")
NAMED = re.compile(
    r"([\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}(?=先生|女士|小姐|阿姨|师傅|老师|大爷|大妈|同志)"
)
CALLED = re.compile(r"((?:我叫|我是|姓名|联系人)[:：是为]?\s*[\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}")
STARS = "***"


class UnableToAsk(Refused):
    """A parameter is not as the standard has it."""

    status = 400


def masked(text: str) -> str:
    """Return a text without phones, identity numbers, cards, plates, addresses of mail, and with
    names shortened where the words around show that they are names.

    A help for the reviewer, not a decision: nobody can find every name by rule.
    """
    for pattern in (ID_NUMBER, CARD, PHONE, LINE, MAIL, PLATE):
        text = pattern.sub(STARS, text)
    text = NAMED.sub(r"\1**", text)
    return CALLED.sub(r"\1**", text)


def to_wanted(given: Mapping[str, str], *, at: datetime) -> Wanted:
    """Return what a reader asks for.

    Without numbers at most ninety days are shown, the last ones unless they are named.

    Raises:
        UnableToAsk: which parameter is wrong.
    """
    ids = _words(given, "service_request_id", NUMBER, upper=True)
    codes = _words(given, "service_code", CODE)
    status = tuple(w for w in given.get("status", "").split(",") if w)
    if not set(status) <= {OPEN, CLOSED}:
        raise UnableToAsk("status is open or closed.", field="status")
    size = _whole(given, "page_size", MOST_ROWS, most=MOST_ROWS)
    page = _whole(given, "page", 1, most=100_000)
    if ids:
        return Wanted(ids=ids, page=1, size=MOST_IDS)
    last = _moment(given, "end_date")
    first = _moment(given, "start_date")
    span = timedelta(days=MOST_DAYS)
    if first is None:
        first = (last or at) - span
    end = last or min(at, first + span)
    if not timedelta(0) <= end - first <= span:
        raise UnableToAsk(
            "From start_date to end_date are at most %(days)s days.",
            field="start_date",
            days=MOST_DAYS,
        )
    one = status[0] if len(status) == 1 else ""
    return Wanted(codes=codes, first=first, last=end, status=one, page=page, size=size)


def _words(
    given: Mapping[str, str], name: str, form: re.Pattern[str], *, upper: bool = False
) -> tuple[str, ...]:
    text = given.get(name, "")
    words = [w.strip() for w in (text.upper() if upper else text).split(",") if w.strip()]
    if len(words) > MOST_IDS or not all(form.fullmatch(word) for word in words):
        raise UnableToAsk("%(name)s is not as it should be.", field=name, name=name)
    return tuple(words)


def _whole(given: Mapping[str, str], name: str, otherwise: int, *, most: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return otherwise
    if not WHOLE.fullmatch(text) or not 1 <= int(text) <= most:
        raise UnableToAsk("%(name)s is not as it should be.", field=name, name=name)
    return int(text)


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnableToAsk(
            "%(name)s is a moment such as 2026-06-25T08:00:00Z.", field=name, name=name
        ) from error
    if not 2000 <= moment.year <= 2200:
        raise UnableToAsk(
            "%(name)s is a moment such as 2026-06-25T08:00:00Z.", field=name, name=name
        )
    return moment


def to_degrees(given: Mapping[str, str]) -> tuple[float, float] | None:
    """Return longitude and latitude, or None when neither is given.

    Raises:
        UnableToAsk: one lacks, or is no number.
    """
    lat, lon = given.get("lat", "").strip(), given.get("long", "").strip()
    if not lat and not lon:
        return None
    try:
        x, y = float(lon), float(lat)
    except ValueError as error:
        raise UnableToAsk("Give lat and long as numbers, both.", field="lat") from error
    if not (math.isfinite(x) and math.isfinite(y)):
        raise UnableToAsk("Give lat and long as numbers, both.", field="lat")
    return x, y
