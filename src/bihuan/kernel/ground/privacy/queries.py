"""Reads on consents and looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy import kinds, policies
from bihuan.kernel.ground.privacy.models import Consent, Look, MandateRow
from bihuan.kernel.ground.privacy.types import (
    MAY_AUDIT,
    SHOWN,
    Agreement,
    LookFilter,
    LookId,
    LookKind,
    LookPage,
    LookRow,
    Mandate,
    MandateId,
    Purpose,
    mandate_ref,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    EVERYBODY,
    OWN_AFFAIRS,
    RESIDENT,
    SIGNED_IN,
    DutyCode,
    PersonCard,
    PersonId,
    PurposeCode,
    Scope,
    UnitId,
)
from bihuan.platform import clock
from bihuan.platform.database.sight import seeing
from bihuan.platform.web.errors import NotAllowed, NotFound

PAGE = 30


# -- consents -------------------------------------------------------------------------------------


def people_of(scope: Scope, *, at: datetime) -> dict[PersonId, PersonCard]:
    """Return for whom somebody may agree: themselves, and those whose guardian they are."""
    if scope.person_id is None:
        return {}
    own = registry.get_person_card(scope.person_id)
    return {own.id: own} | {ward.id: ward for ward in registry.list_wards(own.id, at=at)}


def has_consent(person_id: PersonId, purpose: Purpose) -> bool:
    """Return whether data of a person may be used for a purpose: no consent needed, or given.

    Consent to older words does not count: what was agreed to is not what is done.
    """
    if not purpose.basis.needs_consent:
        return True
    last = _last_consent(person_id, purpose)
    return last is not None and last.given and last.version == purpose.version


def _last_consent(person_id: PersonId, purpose: Purpose) -> Consent | None:
    with seeing([person_id]):
        rows = Consent.objects.filter(person_id=person_id, purpose=purpose.code)
        return rows.order_by("-pk").first()


def require_consent(person_id: PersonId, code: PurposeCode, *, at: datetime) -> None:
    """Refuse a use that the person has not agreed to; every scene asks at the moment of use.

    Raises:
        NotAllowed: no consent stands, or nobody wrote the purpose down.
    """
    purpose = kinds.find_purpose(code, on=clock.business_date(at))
    if purpose is None or not has_consent(person_id, purpose):
        raise NotAllowed("The person has not agreed to this, or has withdrawn.", code="no_consent")


def agreement_of(person_id: PersonId, purpose: Purpose, *, scope: Scope) -> Agreement:
    """Return where a person stands with a purpose."""
    last = _last_consent(person_id, purpose)
    card = registry.get_person_card(person_id)
    return _agreement(card, purpose, last, own=person_id == scope.person_id)


def _agreement(card: PersonCard, purpose: Purpose, last: Consent | None, *, own: bool) -> Agreement:
    given = last is not None and last.given
    stale = last is not None and given and last.version != purpose.version
    return Agreement(
        purpose=purpose,
        person=card,
        is_own=own,
        given=given and not stale,
        at=last.at if last else None,
        stale=stale,
    )


def list_agreements(*, scope: Scope, at: datetime) -> tuple[Agreement, ...]:
    """Return each purpose that needs consent, for oneself and those for whom one acts."""
    people = people_of(scope, at=at)
    with seeing(people):
        rows = list(Consent.objects.filter(person_id__in=people).order_by("pk"))
    last = {(PersonId(row.person_id), row.purpose): row for row in rows}
    asked = [p for p in kinds.list_purposes(on=clock.business_date(at)) if p.basis.needs_consent]
    return tuple(
        _agreement(card, purpose, last.get((card.id, purpose.code)), own=card.id == scope.person_id)
        for card in people.values()
        for purpose in asked
    )


def find_agreement(
    code: PurposeCode, person_id: PersonId, *, scope: Scope, at: datetime
) -> Agreement | None:
    """Return one of the agreements that the scope may give or withdraw, or None."""
    return next(
        (
            one
            for one in list_agreements(scope=scope, at=at)
            if one.purpose.code == code and one.person.id == person_id
        ),
        None,
    )


# -- mandates -------------------------------------------------------------------------------------


def to_mandates(rows: Iterable[MandateRow]) -> tuple[Mandate, ...]:
    """Return rows as values, everybody masked."""
    found = list(rows)
    ids = {key for row in found for key in (row.principal_id, row.agent_id)}
    cards = registry.person_cards(PersonId(key) for key in ids)
    return tuple(
        Mandate(
            id=MandateId(row.pk),
            principal=cards[PersonId(row.principal_id)],
            agent=cards[PersonId(row.agent_id)],
            subject=Ref(row.subject_kind, row.subject_key) if row.subject_kind else None,
            given_at=row.given_at,
            until=row.until,
            at_counter=row.given_by_id != row.principal_id,
            ended_at=row.ended_at,
        )
        for row in found
    )


def list_mandates(*, scope: Scope, at: datetime) -> tuple[Mandate, ...]:
    """Return by whom somebody (and those in their guardianship) is acted for now."""
    rows = MandateRow.objects.filter(
        principal_id__in=people_of(scope, at=at), ended_at__isnull=True, until__gt=at
    )
    return to_mandates(rows.order_by("-pk"))


def list_acting(*, scope: Scope, at: datetime) -> tuple[Mandate, ...]:
    """Return for whom somebody may act now."""
    if scope.person_id is None:
        return ()
    rows = MandateRow.objects.filter(
        agent_id=scope.person_id, ended_at__isnull=True, until__gt=at, given_at__lte=at
    )
    return to_mandates(rows.order_by("-pk"))


def acting_scope(mandate_id: MandateId, *, scope: Scope, at: datetime) -> tuple[Mandate, Scope]:
    """Return a mandate that holds now, and the scope of its principal's own affairs by this agent.

    The account stays the agent's, and the origin names the mandate: every act says both.

    Raises:
        NotFound: none holds now for the asker; ended, expired and somebody else's sound the same.
    """
    mine = list_acting(scope=scope, at=at)
    mandate = next((one for one in mine if one.id == mandate_id), None)
    if mandate is None:
        raise NotFound("There is no such mandate, or it has ended.", code="no_mandate")
    duties = frozenset({RESIDENT})
    return mandate, replace(
        scope,
        person_id=mandate.principal.id,
        post_id=None,
        unit_id=None,
        unit_ids=frozenset(),
        area_paths=(),
        organisation_ids=frozenset(),
        duties=duties,
        powers=registry.powers_of(duties) | {EVERYBODY, SIGNED_IN},
        purpose=OWN_AFFAIRS,
        origin=replace(
            scope.origin, post_id=None, unit_id=None, words=str(mandate_ref(mandate.id))
        ),
    )


# -- looks ----------------------------------------------------------------------------------------


def list_own_looks(*, scope: Scope, after: str = "") -> LookPage:
    """Return who saw one's own clear values, the newest first; a refused asking saw nothing."""
    if scope.person_id is None:
        return LookPage(())
    mine = Look.objects.filter(person_id=scope.person_id, kind__in=[kind.value for kind in SHOWN])
    with seeing([scope.person_id]):
        return _page(mine, after, PAGE)


def list_looks(wanted: LookFilter, *, scope: Scope, after: str = "", limit: int = PAGE) -> LookPage:
    """Return the lines that an auditor sees, the newest first.

    Raises:
        NotAllowed: the scope may not audit.
    """
    policies.require(scope, MAY_AUDIT)
    found = Look.objects.filter(policies.looks_seen(scope), _wanted(wanted))
    with seeing(county=policies.county_seen(scope)):
        return _page(found, after, limit)


def _wanted(wanted: LookFilter) -> Q:
    condition = Q()
    if wanted.asker is not None:
        condition &= Q(asker_id=wanted.asker)
    if wanted.person is not None:
        condition &= Q(person_id=wanted.person)
    if wanted.kind is not None:
        condition &= Q(kind=wanted.kind.value)
    if wanted.since is not None:
        condition &= Q(at__gte=clock.midnight(wanted.since))
    if wanted.until is not None:
        condition &= Q(at__lt=clock.midnight(wanted.until + timedelta(days=1)))
    return condition


def _page(found: QuerySet[Look], after: str, limit: int) -> LookPage:
    older = found.filter(pk__lt=int(after)) if after.isdecimal() and len(after) < 18 else found
    rows = list(older.order_by("-pk")[: limit + 1])
    shown = rows[:limit]
    more = str(shown[-1].pk) if len(rows) > limit else ""
    return LookPage(tuple(_to_rows(shown)), more)


def _to_rows(rows: list[Look]) -> Iterable[LookRow]:
    ids = {key for row in rows for key in (row.person_id, row.asker_id) if key}
    cards = registry.person_cards(PersonId(key) for key in ids)
    units = registry.units_by_id(UnitId(row.unit_id) for row in rows if row.unit_id)
    for row in rows:
        unit = units.get(UnitId(row.unit_id)) if row.unit_id else None
        yield LookRow(
            id=LookId(row.pk),
            kind=LookKind(row.kind),
            at=row.at,
            field=row.field,
            purpose=PurposeCode(row.purpose),
            reason=row.reason,
            refusal=row.refusal,
            asker=_card(cards, row.asker_id),
            duty=DutyCode(row.duty),
            unit_name=unit.name if unit else "",
            person=_card(cards, row.person_id),
            subject=Ref(row.subject_kind, row.subject_key) if row.subject_kind else None,
            alarmed=row.alarmed,
        )


def _card(cards: dict[PersonId, PersonCard], key: Any) -> PersonCard | None:
    return cards.get(PersonId(key)) if key else None
