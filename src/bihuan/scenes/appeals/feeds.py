"""What the systems outside give, taken into the one inbox, and told back what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_RAISE,
    NewReference,
    ReferenceId,
    case_ref,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.adapters import arriving, connecting, links
from bihuan.platform.adapters import kinds as systems
from bihuan.platform.adapters.types import Body, Item, Received, System
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.scenes.appeals import operations
from bihuan.scenes.appeals.open311.taking import clean, find_area
from bihuan.scenes.appeals.systems import PETITIONS, SYSTEMS

logger = logging.getLogger(__name__)

MOST_ROUNDS = 20
"""How many batches of one system are taken at once; the rest comes with the next round."""


class UnableToTakeIn(Refused):
    """What a system gave cannot be taken in; the words say which field is wrong."""


Around = Callable[[arriving.Effect], arriving.Effect]


def _as_is(effect: arriving.Effect) -> arriving.Effect:
    return effect


def get_system(code: str) -> System:
    """Return the system called `code` that this story declared.

    Raises:
        NotFound: there is none.
    """
    found = systems.find(code)
    if found is None or found not in SYSTEMS:
        raise NotFound("There is no such system.", code="no_system")
    return found


def take_in(
    system: System, body: Body, *, scope: Scope, at: datetime, around: Around = _as_is
) -> Received:
    """Take in one thing that a system gave, once for its number there.

    Raises:
        UnableToTakeIn: a field is wrong; the refusal is kept for people to see.
        Mismatch: the number came before with other contents.
    """
    number = _field(body, "number", arriving.NUMBER_LONGEST)
    if not number:
        raise UnableToTakeIn("number: the number in your system is missing.", field="number")
    if system.code == PETITIONS:
        return _take_reference(number, body, scope=scope, at=at, around=around)
    effect = around(lambda: _open(system, number, body, scope=scope, at=at))
    return arriving.take(system.code, number, body, effect, at=at)


def _open(
    system: System, number: str, body: Body, *, scope: Scope, at: datetime
) -> tuple[str, Body]:
    where = {
        "address_id": _field(body, "area_code", 20),
        "address_string": _field(body, "place", 200),
        "lat": _field(body, "lat", 30),
        "long": _field(body, "long", 30),
    }
    area = find_area(where, scope)
    said = operations.Report(
        text=_field(body, "text", 20_000),
        area_code=area.code,
        place=where["address_string"],
        class_code=operations.find_class_code(_field(body, "class_code", 60)),
        anonymous=True,
    )
    opened = operations.report(said, scope=scope, at=at, source=system.code, source_key=number)
    answer: Body = {"matter": opened.number, "state": str(opened.state)}
    return str(case_ref(opened.case_id)), answer


def _take_reference(
    number: str, body: Body, *, scope: Scope, at: datetime, around: Around
) -> Received:
    """Link a matter under petition procedure, or note what its own system reports of it."""
    known = arriving.find_subject(PETITIONS, number)
    news = {name: _day(body, name) for name in ("told_on", "completed_on")}
    if known and any(news.values()):
        mark = f"{number[:50]}#{arriving.fingerprint(body)[:8]}"
        effect = around(lambda: _note(known, news, scope=scope, at=at))
        return arriving.take(PETITIONS, mark, body, effect, at=at)
    effect = around(lambda: _link(number, body, scope=scope, at=at))
    return arriving.take(PETITIONS, number, body, effect, at=at)


def _link(number: str, body: Body, *, scope: Scope, at: datetime) -> tuple[str, Body]:
    area = find_area({"address_id": _field(body, "area_code", 20)}, scope)
    registered_on = _day(body, "registered_on")
    if registered_on is None:
        raise UnableToTakeIn("registered_on: give the day.", field="registered_on")
    new = NewReference(
        number=number,
        title=_field(body, "title", 120),
        area_path=area.path,
        registered_on=registered_on,
        case_number=_field(body, "case_number", 40),
    )
    found = cases.link_reference(new, scope=_linking(), at=at)
    return str(Ref("cases.reference", str(found))), {"linked": number}


def _note(
    known: str, news: dict[str, date | None], *, scope: Scope, at: datetime
) -> tuple[str, Body]:
    reference_id = ReferenceId(int(known.rpartition(":")[2]))
    cases.note_reference(reference_id, **news, scope=_linking(), at=at)
    return known, {"noted": True}


def _linking() -> Scope:
    """Return the scope of linking: no key is given the power to accept matters."""
    return registry.system_scope("appeals.petitions", (MAY_ACCEPT,))


def _field(body: Body, name: str, most: int) -> str:
    value = body.get(name, "")
    value = "" if value is None else value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnableToTakeIn("%(name)s is not a text.", field=name, name=name)
    text = clean(str(value))
    if len(text) > most:
        raise UnableToTakeIn(
            "%(name)s is longer than %(most)s characters.", field=name, name=name, most=most
        )
    return text


def _day(body: Body, name: str) -> date | None:
    text = _field(body, name, 40)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise UnableToTakeIn(
            "%(name)s is a day such as 2026-06-25.", field=name, name=name
        ) from error


# -- asking ---------------------------------------------------------------------------------------


def pull_all(*, at: datetime) -> int:
    """Ask every connected system for what is new; return how many things were looked at."""
    asked = (system for system in SYSTEMS if system.pulls)
    return sum(pull(system, at=at) for system in asked if connecting.is_connected(system.code))


def pull(system: System, *, at: datetime) -> int:
    """Ask one system for what is new. A system that fails hinders no other."""
    target, looked = f"system:{system.code}", 0
    try:
        for _round in range(MOST_ROUNDS):
            cursor = links.cursor_of(system.code)
            batch = connecting.adapter_of(system.code).fetch(cursor)
            for item in batch.items:
                _take_quietly(system, item, at)
            links.note_success(target, at=at, cursor=batch.cursor)
            looked += len(batch.items)
            if not batch.items or batch.cursor == cursor:
                break
    except Exception as error:  # whatever an adapter raises, the others are asked
        logger.warning("asking %s failed: %s", system.code, error)
        links.note_failure(target, str(error) or type(error).__name__, at=at)
    return looked


def _take_quietly(system: System, item: Item, at: datetime) -> None:
    """Take in one thing; a refusal was kept where the administrator sees it."""
    scope = registry.system_scope(f"appeals.feed.{system.code}", (MAY_RAISE,))
    body: dict[str, Any] = {**item.body, "number": item.number}
    try:
        take_in(system, body, scope=scope, at=at)
    except Refused as error:
        logger.info("%s %s was refused: %s", system.code, item.number, error.code)
