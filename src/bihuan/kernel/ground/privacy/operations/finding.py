"""Finding people by a number that they say: written down first, masked, never without a purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy import kinds, policies, rules
from bihuan.kernel.ground.privacy.facts import ManyLooks, PeopleLookedFor
from bihuan.kernel.ground.privacy.models import Look
from bihuan.kernel.ground.privacy.operations.looks import REFUSALS, UnableToReveal, recent, row_of
from bihuan.kernel.ground.privacy.types import Asked, LookId, LookKind, Wanted, look_ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    LOOK_UP_PEOPLE,
    Field,
    PersonCard,
    PersonId,
    Scope,
    person_ref,
)
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words
from bihuan.platform.database.sight import seeing

NOWHERE = Ref("", "")


def find_people(wanted: Wanted, *, scope: Scope, at: datetime) -> tuple[PersonCard, ...]:
    """Return, masked, everybody who has exactly this number; each of them can read of it.

    The same command finds again and writes nothing more.

    Raises:
        UnableToReveal: the post, the purpose or the reason do not allow it.
    """
    _require(wanted, scope, at)
    with seeing([scope.person_id]):
        lock_words(f"privacy.look:{scope.person_id}")
        found = _look_up(wanted)
        near = {scope.person_id} | registry.list_kin(_own(scope), at=at)
        if any(card.id in near for card in found):
            raise _refusal("own")
        mine = Look.objects.filter(asker_id=scope.person_id, command_id=scope.origin.command_id)
        if scope.origin.command_id is None or not mine.exists():
            _write(wanted, found, scope, at)
    return found


def _own(scope: Scope) -> PersonId:
    assert scope.person_id is not None
    return scope.person_id


def _require(wanted: Wanted, scope: Scope, at: datetime) -> None:
    on = clock.business_date(at)
    purpose = kinds.find_purpose(wanted.purpose, on=on)
    least = standards.get_standard("privacy.reveal", on=on).value["least_reason"]
    fault = rules.reason_fault(wanted.reason, least=least)
    known = purpose is not None and wanted.field in purpose.fields and wanted.field != Field.NAME
    if not known or purpose is None or not policies.may_use(scope, purpose):
        fault = "duty"
    if fault or scope.person_id is None:
        raise _refusal(fault or "duty")


def _refusal(code: str) -> UnableToReveal:
    return UnableToReveal(REFUSALS[code], code=code, field="reason")


def _look_up(wanted: Wanted) -> tuple[PersonCard, ...]:
    looking = registry.system_scope("privacy", [LOOK_UP_PEOPLE])
    if wanted.field is Field.PHONE:
        return registry.list_people_by_phone(wanted.value, scope=looking)
    one = registry.find_person_by_id_number(wanted.value, scope=looking)
    return (one,) if one else ()


def _write(wanted: Wanted, found: tuple[PersonCard, ...], scope: Scope, at: datetime) -> None:
    on = clock.business_date(at)
    minutes = standards.get_standard("privacy.reveal", on=on).value["minutes"]
    purpose = kinds.find_purpose(wanted.purpose, on=on)
    first: Look | None = None
    for card in found or (None,):
        person = card.id if card else None
        asked = Asked(_own(scope), wanted.field, wanted.purpose, wanted.reason, NOWHERE)
        unnumbered = scope.through(replace(scope.origin, command_id=None))
        row = row_of(asked, unnumbered if first else scope, at)
        row.person_id, row.kind = person, LookKind.FOUND.value
        row.purpose_version = purpose.version if purpose else 0
        row.until = at + timedelta(minutes=minutes)
        looks, limit, told = recent(asked, scope, at)
        row.alarmed = limit >= 0 and rules.is_too_much(looks, limit=limit, told=told)
        row.save(force_insert=True)
        first = first or row
        if row.alarmed:
            _tell(row, looks, scope, at)
    assert first is not None
    line = look_ref(LookId(first.pk))
    fact = PeopleLookedFor(line, wanted.field.value, wanted.purpose, len(found))
    events.record(fact, origin=scope.origin, at=at)


def _tell(row: Look, looks: int, scope: Scope, at: datetime) -> None:
    alarm = standards.get_standard("privacy.alarm", on=clock.business_date(at)).value
    told = ManyLooks(person_ref(_own(scope)), looks, alarm["minutes"], row.county, row.pk)
    events.record(told, origin=scope.origin, at=at)
