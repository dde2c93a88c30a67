"""Taking in what a program sends: one matter in the ordinary inbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bihuan.kernel.affairs.cases.types import MAY_RAISE, Opened
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, Scope
from bihuan.platform.web.errors import NotFound
from bihuan.scenes.appeals import operations
from bihuan.scenes.appeals.open311 import asking
from bihuan.scenes.appeals.open311.asking import UnableToAsk
from bihuan.scenes.appeals.open311.types import (
    ADDRESS_LONGEST,
    DESCRIPTION_LONGEST,
    SOURCE,
    URL_LONGEST,
    Terms,
)


def take_in(given: Mapping[str, str], terms: Terms, *, scope: Scope, at: datetime) -> Opened:
    """Receive a matter as the standard describes it.

    Names, phones and mail that a program sends along are not kept: the number and the receipt's
    code find the matter again. An address of a picture is kept as text and never opened.

    Raises:
        NotFound: there is no such service.
        UnableToAsk: words or place do not hold.
    """
    given = {name: clean(value) for name, value in given.items()}
    code = given.get("service_code", "")
    if code not in terms.services:
        raise NotFound("There is no such service_code here.", code="no_service")
    words = _words(given)
    area = find_area(given, scope)
    point = asking.to_degrees(given)
    said = operations.Report(
        text=words,
        area_code=area.code,
        place=given.get("address_string", "").strip()[:ADDRESS_LONGEST],
        class_code=code,
        longitude=point[0] if point else None,
        latitude=point[1] if point else None,
        anonymous=True,
    )
    return operations.report(said, scope=scope, at=at, source=SOURCE)


def _words(given: Mapping[str, str]) -> str:
    words = given.get("description", "")
    if len(words) < 2:
        raise UnableToAsk("description: say in one sentence what it is about.", field="description")
    if len(words) > DESCRIPTION_LONGEST:
        raise UnableToAsk("description has at most 4,000 characters.", field="description")
    url = given.get("media_url", "")
    if not url:
        return words
    if len(url) > URL_LONGEST or not url.startswith(("https://", "http://")):
        raise UnableToAsk("media_url is an address that begins with https://.", field="media_url")
    return f"{words}\n{url}"


def clean(text: str) -> str:
    """Return a text without characters that neither a database nor XML can hold."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable()).strip()


def find_area(given: Mapping[str, str], scope: Scope) -> Area:
    """Return the smallest area of which one can be sure: by point, address or its own code.

    Raises:
        UnableToAsk: nothing says where it is, or it lies outside the scope.
    """
    code = given.get("address_id", "").strip()
    found = registry.find_area(code[:20]) if code else None
    found = found or _by_words_and_point(given)
    if found is None:
        raise UnableToAsk(
            "Say where it is: lat and long, or address_string with town and village.", field="lat"
        )
    if scope.has(MAY_RAISE) and not scope.covers(found.path):
        raise UnableToAsk("This place lies outside what the key may report for.", field="lat")
    return found


def _by_words_and_point(given: Mapping[str, str]) -> Area | None:
    """Return the area that the address names for sure, else the one in which the point lies.

    Borders of towns may be schematic: a name goes before a point, if both are of one county.
    """
    point = asking.to_degrees(given)
    at_point = registry.area_of_point(*point) if point is not None else None
    named = _named(given.get("address_string", "").strip()[:ADDRESS_LONGEST])
    if named is None or at_point is None:
        return named or at_point
    if _county(named) != _county(at_point):
        raise UnableToAsk(
            "The point and the address lie in different counties. Give one of them.", field="lat"
        )
    return at_point if at_point.path.startswith(named.path) else named


def _county(area: Area) -> str:
    return "/".join(area.path.split("/")[:2])


def _named(text: str) -> Area | None:
    sure = [match for match in registry.find_places(text) if match.is_confirmed] if text else []
    return registry.find_area(max(sure, key=lambda m: len(m.path)).code) if sure else None
