"""Who is to be told at a level: the nearest who holds the post, else one level above."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bihuan.kernel.affairs.cases.types.ladder import MAIN_LEADER, UNIT_HEAD, Told
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    ACCEPTOR,
    DISPATCHER,
    DUTY_OFFICER,
    LEADER,
    DutyCode,
    Holder,
    UnitId,
    person_ref,
    unit_ref,
)

ABOVE = {
    Told.HEAD: Told.LEADER,
    Told.LEADER: Told.MAIN_LEADER,
    Told.MAIN_LEADER: Told.DUTY,
}


def is_held(unit_id: int | None, *, at: datetime) -> bool:
    """Return whether anybody at all holds a post in the unit."""
    return unit_id is not None and bool(registry.list_holders(at=at, unit_id=UnitId(unit_id)))


def recipients(told: Told, *, unit_id: int | None, area_path: str, at: datetime) -> tuple[Ref, ...]:
    """Return whom to tell; where nobody holds the post, whoever stands one level above.

    Empty only when not even a duty officer or a dispatcher of the centre is left.
    """
    level: Told | None = told
    while level is not None:
        found = _at_level(level, unit_id, area_path, at)
        if found or level is Told.DUTY:
            return found
        level = ABOVE.get(level, Told.DUTY)
    return ()


def _at_level(told: Told, unit_id: int | None, area_path: str, at: datetime) -> tuple[Ref, ...]:
    if told is Told.HOLDER:
        if is_held(unit_id, at=at):
            return (unit_ref(UnitId(unit_id or 0)),)
        return ()
    if told is Told.HEAD:
        return _people(_heads(unit_id, at))
    if told is Told.LEADER:
        return _people(nearest(LEADER, area_path, at=at))
    if told is Told.MAIN_LEADER:
        return _people(_main_leaders(area_path, at))
    return _duty(area_path, at)


def _heads(unit_id: int | None, at: datetime) -> tuple[Holder, ...]:
    """Return the head of the unit, or of the unit above it."""
    unit = registry.find_unit(UnitId(unit_id)) if unit_id is not None else None
    while unit is not None:
        found = registry.list_holders(at=at, duty=UNIT_HEAD, unit_id=unit.id)
        if found:
            return found
        unit = registry.find_unit(unit.parent_id) if unit.parent_id is not None else None
    return ()


def _main_leaders(area_path: str, at: datetime) -> tuple[Holder, ...]:
    """Return the main leader of the place, else the leader of a place above the leader's."""
    found = nearest(MAIN_LEADER, area_path, at=at)
    if found:
        return found
    in_charge = nearest(LEADER, area_path, at=at)
    if not in_charge:
        return ()
    own = in_charge[0].post.area_path
    return nearest(LEADER, own, at=at, above=True) or in_charge


def nearest(
    duty: DutyCode, area_path: str, *, at: datetime, above: bool = False
) -> tuple[Holder, ...]:
    """Return who holds a duty for the smallest place around `area_path`."""
    for path in list(_around(area_path))[1 if above else 0 :]:
        found = registry.list_holders(at=at, duty=duty, area_path=path)
        if found:
            return found
    return ()


def _around(area_path: str) -> Iterator[str]:
    codes = area_path.strip("/").split("/")
    for length in range(len(codes), 0, -1):
        yield "".join(f"{code}/" for code in codes[:length])


def _duty(area_path: str, at: datetime) -> tuple[Ref, ...]:
    """Return the centre's duty officers, else the units of those who dispatch or accept."""
    officers = nearest(DUTY_OFFICER, area_path, at=at)
    return _people(officers) or centres(area_path, at=at)


def centres(area_path: str, *, at: datetime) -> tuple[Ref, ...]:
    """Return the units that take matters of a place on and dispatch them."""
    holders = (
        *nearest(DISPATCHER, area_path, at=at),
        *nearest(ACCEPTOR, area_path, at=at),
    )
    units = {h.post.unit_id for h in holders if h.post.unit_id is not None}
    return tuple(unit_ref(unit) for unit in sorted(units))


def _people(holders: tuple[Holder, ...]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(person_ref(holder.person.id) for holder in holders))
