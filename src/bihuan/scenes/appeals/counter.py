"""Taking a matter at the counter, for a person who stands there, telephones or sent a letter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_ACCEPT, Alike, Opened, Raise
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    LOOK_UP_PEOPLE,
    REGISTER_PEOPLE,
    AreaPath,
    PersonId,
    Scope,
)
from bihuan.platform.web.errors import NotAllowed, Refused
from bihuan.scenes.appeals.operations import Report, report, suggest
from bihuan.scenes.appeals.rules import title_of

COUNTER, CALL, PAPER = "counter", "call", "paper"
CHANNELS = (COUNTER, CALL, PAPER)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who came, as far as they say. Without a name the matter is anonymous."""

    name: str = ""
    phone: str = ""
    id_number: str = ""


def take_in(said: Report, caller: Caller, *, channel: str, scope: Scope, at: datetime) -> Opened:
    """Receive a matter at the counter: the same record as one from a phone.

    Raises:
        NotAllowed: the post takes no matters in.
        Refused: the channel, the name, a number, the text or the place do not hold.
    """
    if not scope.has(MAY_ACCEPT):
        raise NotAllowed("Your post may not do this.", code="power")
    if channel not in CHANNELS:
        raise Refused("Choose how the person came.", field="channel")
    if channel == PAPER and not said.photos:
        raise Refused("Add a photo or a scan of the letter.", field="photos")
    area = registry.find_area(said.area_code)
    if area is not None and not scope.covers(area.path):
        raise Refused("This place is in another county. Its centre takes it in.", field="area")
    by = _person_of(caller, said.area_code, scope, at)
    nobody = replace(said, anonymous=True)  # the clerk is not who raises it
    return report(nobody, scope=scope, at=at, source=channel, by=by)


def _person_of(caller: Caller, area_code: str, scope: Scope, at: datetime) -> PersonId | None:
    """Return the person, known by number or by name and phone, else registered now."""
    if not caller.name.strip():
        if caller.phone.strip() or caller.id_number.strip():
            raise Refused("Write the name, or leave the numbers away too.", field="name")
        return None
    registering = registry.system_scope("appeals.counter", (REGISTER_PEOPLE, LOOK_UP_PEOPLE))
    own = registering.through(scope.origin)
    known = None
    if caller.id_number.strip():
        known = registry.find_person_by_id_number(caller.id_number, scope=own)
    elif caller.phone.strip():
        known = registry.match_person(caller.name, caller.phone, scope=own)
    if known is not None:
        return known.id
    made = registry.register_person(
        name=caller.name,
        phone=caller.phone,
        id_number=caller.id_number,
        area_code=area_code,
        scope=own,
        at=at,
    )
    return made.id


def alike_to(said: Report, *, scope: Scope, at: datetime) -> tuple[Alike, ...]:
    """Return open matters that may be the same as what is being written."""
    area = registry.find_area(said.area_code)
    if area is None or len(said.text.strip()) < 4 or not scope.covers(area.path):
        return ()
    what = Raise(
        kind=APPEAL,
        title=title_of(said.text),
        text=said.text,
        class_code=said.class_code or suggest(said.text).class_code,
        area_path=AreaPath(area.path),
        source=COUNTER,
        place=said.place,
    )
    return cases.list_alike_to(what, scope=scope, at=at)
