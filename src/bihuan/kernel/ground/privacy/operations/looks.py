"""Looking at a clear value: the line first, then the value, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.privacy import kinds, policies, queries, rules
from bihuan.kernel.ground.privacy.facts import (
    GlassBroken,
    IdentifierRevealed,
    IdentifierUsed,
    LookRefused,
    LooksExported,
    ManyLooks,
)
from bihuan.kernel.ground.privacy.models import Look
from bihuan.kernel.ground.privacy.types import (
    AUDITING,
    MAY_AUDIT,
    SENSITIVE,
    TELLING,
    Asked,
    Basis,
    LookFilter,
    LookId,
    LookKind,
    LookRow,
    Purpose,
    Revealed,
    look_ref,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    OPEN_IDENTIFIERS,
    REACH_PEOPLE,
    Field,
    PersonId,
    Scope,
    person_ref,
    unit_ref,
)
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words
from bihuan.platform.database.sight import seeing
from bihuan.platform.web.errors import Conflict, NotAllowed, NotFound, Refused

EXPORT_LIMIT = 20_000


class UnableToReveal(NotAllowed):
    """The value is not shown; the words say why. The asking itself is written down."""


class ShownAlready(Conflict):
    """The same form came again: a value is shown once."""


REFUSALS = {
    "duty": "Your post does not see this for this purpose.",
    "short": "Say in a few words why you need it. Who it concerns will read that.",
    "number": "Write the reason without long numbers; it stays in the record.",
    "own": "You cannot look at your own data or your family's here. Ask a colleague.",
    "no_subject": "Nothing like this is in your care.",
    "not_of_subject": "This person has nothing to do with the matter.",
    "out_of_care": "This matter is not in your hands now. In danger, the duty officer can look.",
    "no_consent": "The person has not agreed to this, or has withdrawn.",
}


def reveal(asked: Asked, *, scope: Scope, at: datetime) -> Revealed:
    """Return one clear value for one screen; the line and the fact are committed before.

    It opens the outermost transaction itself: neither a line nor a refusal can be rolled back by
    whoever calls. Ask for it outside any transaction, and keep the value nowhere.

    Raises:
        UnableToReveal: with the code of `REFUSALS`; the refusal stands in the log.
        ShownAlready: this command has shown its value.
        NotFound: nobody is signed in, or there is no such person.
    """
    if scope.person_id is None:
        raise NotFound("There is no such person.", code="no_person")
    with transaction.atomic(durable=True), seeing([scope.person_id]):
        lock_words(f"privacy.look:{scope.person_id}")
        registry.get_person_card(asked.person_id)
        _require_first(scope)
        purpose = kinds.find_purpose(asked.purpose, on=clock.business_date(at))
        refusal = _refusal(asked, purpose, scope, at)
        if refusal or purpose is None:
            _write_refusal(asked, refusal, scope, at)
            shown = None
        else:
            shown = _show(asked, purpose, scope, at)
    if shown is None:
        raise UnableToReveal(REFUSALS[refusal], code=refusal)
    return shown


def _require_first(scope: Scope) -> None:
    command = scope.origin.command_id
    if command and Look.objects.filter(asker_id=scope.person_id, command_id=command).exists():
        raise ShownAlready("It was shown once. Ask again if you still need it.", code="shown")


def _refusal(asked: Asked, purpose: Purpose | None, scope: Scope, at: datetime) -> str:
    """Return the code of what stands against showing it, or an empty text."""
    on = clock.business_date(at)
    least = standards.get_standard("privacy.reveal", on=on).value["least_reason"]
    if purpose is None or not policies.may_use(scope, purpose):
        return "duty"
    if asked.field not in purpose.fields:
        return "duty"
    return (
        rules.reason_fault(asked.reason, least=least)
        or _distance(asked, purpose, scope, at)
        or ("" if queries.has_consent(asked.person_id, purpose) else "no_consent")
    )


def _distance(asked: Asked, purpose: Purpose, scope: Scope, at: datetime) -> str:
    """Return whether the asker stands too near to the person, or too far from the matter."""
    assert scope.person_id is not None
    care = kinds.care_of(asked.subject, scope=scope, at=at)
    near = {scope.person_id} | registry.list_kin(scope.person_id, at=at)
    if asked.person_id in near or (care and care.people & near):
        return "own"
    if care is None:
        return "no_subject"
    if asked.person_id not in care.people:
        return "not_of_subject"
    return "" if care.in_care or purpose.basis is Basis.EMERGENCY else "out_of_care"


def _show(asked: Asked, purpose: Purpose, scope: Scope, at: datetime) -> Revealed:
    on = clock.business_date(at)
    minutes = standards.get_standard("privacy.reveal", on=on).value["minutes"]
    glass = purpose.basis is Basis.EMERGENCY
    row = row_of(asked, scope, at)
    row.kind = (LookKind.GLASS if glass else LookKind.REVEALED).value
    row.purpose_version = purpose.version
    row.until = at + timedelta(minutes=minutes)
    looks, limit, window = recent(asked, scope, at)
    row.alarmed = limit >= 0 and rules.is_too_much(looks, limit=limit, told=window)
    row.save(force_insert=True)
    _announce(row, asked, looks, scope, at)
    opened = registry.system_scope("privacy", [OPEN_IDENTIFIERS])
    value = registry.open_identifier(asked.person_id, asked.field, scope=opened)
    return Revealed(LookId(row.pk), asked.field, value, row.until, glass)


def recent(asked: Asked, scope: Scope, at: datetime) -> tuple[int, int, bool]:
    """Return how many sensitive looks this makes in the window, the limit, and whether it was told.

    A field that is not sensitive has no limit: -1.
    """
    if asked.field not in SENSITIVE:
        return 0, -1, True
    alarm = standards.get_standard("privacy.alarm", on=clock.business_date(at)).value
    mine = Look.objects.filter(
        asker_id=scope.person_id,
        at__gt=at - timedelta(minutes=alarm["minutes"]),
        kind__in=[LookKind.REVEALED.value, LookKind.GLASS.value, LookKind.FOUND.value],
        field__in=[field.value for field in SENSITIVE],
    )
    return mine.count() + 1, int(alarm["looks"]), mine.filter(alarmed=True).exists()


def _announce(row: Look, asked: Asked, looks: int, scope: Scope, at: datetime) -> None:
    whose, about = person_ref(asked.person_id), str(asked.subject)
    if row.kind == LookKind.GLASS:
        unit = registry.find_unit(scope.unit_id) if scope.unit_id else None
        name = unit.name if unit else ""
        events.record(
            GlassBroken(whose, row.pk, row.field, about, row.county, row.duty, name),
            origin=scope.origin,
            at=at,
        )
    else:
        fact = IdentifierRevealed(whose, row.pk, row.field, row.purpose, about)
        events.record(fact, origin=scope.origin, at=at)
    if row.alarmed:
        assert scope.person_id is not None
        alarm = standards.get_standard("privacy.alarm", on=clock.business_date(at)).value
        told = ManyLooks(person_ref(scope.person_id), looks, alarm["minutes"], row.county, row.pk)
        events.record(told, origin=scope.origin, at=at)


def _write_refusal(asked: Asked, refusal: str, scope: Scope, at: datetime) -> None:
    row = row_of(asked, scope, at)
    row.kind, row.refusal = LookKind.REFUSED.value, refusal
    if refusal == "number":
        row.reason = ""  # what must not stand in the record is not written into it
    row.command_id = None  # mended, the same form may be sent again
    row.save(force_insert=True)
    fact = LookRefused(person_ref(asked.person_id), row.pk, row.field, row.purpose, refusal)
    events.record(fact, origin=scope.origin, at=at)


def row_of(asked: Asked, scope: Scope, at: datetime) -> Look:
    """Return the line of an asking, not yet written."""
    known = kinds.find_purpose(asked.purpose, on=clock.business_date(at))
    return Look(
        person_id=asked.person_id,
        field=asked.field.value,
        purpose=asked.purpose if known else "",
        reason=rules.clean_reason(asked.reason),
        subject_kind=asked.subject.kind[:60],
        subject_key=asked.subject.key[:80],
        command_id=scope.origin.command_id,
        **_asker(scope),
        at=at,
    )


def _asker(scope: Scope) -> dict[str, object]:
    return {
        "asker_id": scope.person_id,
        "post_id": scope.post_id,
        "duty": next(iter(sorted(scope.duties)), ""),
        "unit_id": scope.unit_id,
        "county": scope.county_id,
    }


def find_phone_to_reach(person_id: PersonId, *, scope: Scope, at: datetime) -> str:
    """Return the clear phone at the moment of sending, or an empty text; the use is written down.

    Raises:
        NotAllowed: anybody but the sender of notices asks.
    """
    policies.require(scope, REACH_PEOPLE)
    on = clock.business_date(at)
    purpose = kinds.find_purpose(TELLING, on=on)
    if purpose is None:
        return ""
    with seeing([person_id]):
        cards = registry.person_cards([person_id])
        if person_id not in cards or not cards[person_id].phone:
            return ""
        path = cards[person_id].area_path or ""
        row = Look.objects.create(
            kind=LookKind.SYSTEM.value,
            person_id=person_id,
            field=Field.PHONE.value,
            purpose=TELLING,
            purpose_version=purpose.version,
            county=path.split("/")[1] if path.count("/") > 1 else scope.county_id,
            at=at,
        )
        fact = IdentifierUsed(person_ref(person_id), row.pk, row.field, TELLING)
        events.record(fact, origin=scope.origin, at=at)
        return registry.find_phone_to_reach(person_id, scope=scope)


def export_looks(
    wanted: LookFilter, *, reason: str, scope: Scope, at: datetime
) -> tuple[LookRow, ...]:
    """Return the lines that an auditor takes out of the house; that is a look too.

    Raises:
        NotAllowed: the scope may not audit.
        UnableToReveal: no reason is given, or it holds a long number.
    """
    policies.require(scope, MAY_AUDIT)
    least = standards.get_standard("privacy.reveal", on=clock.business_date(at)).value
    fault = rules.reason_fault(reason, least=least["least_reason"])
    if fault:
        raise Refused(REFUSALS[fault], code=fault, field="reason")
    with seeing([scope.person_id]):
        rows = queries.list_looks(wanted, scope=scope, limit=EXPORT_LIMIT).rows
        row = Look.objects.create(
            kind=LookKind.EXPORT.value,
            purpose=AUDITING,
            purpose_version=1,
            reason=rules.clean_reason(reason),
            **_asker(scope),
            at=at,
        )
        subject = unit_ref(scope.unit_id) if scope.unit_id else look_ref(LookId(row.pk))
        events.record(LooksExported(subject, len(rows)), origin=scope.origin, at=at)
    return rows
