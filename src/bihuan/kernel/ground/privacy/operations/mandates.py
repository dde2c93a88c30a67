"""Letting somebody act for one (代办), and ending it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy import queries
from bihuan.kernel.ground.privacy.facts import MandateEnded, MandateGiven
from bihuan.kernel.ground.privacy.models import Look, MandateRow
from bihuan.kernel.ground.privacy.types import LookKind, Mandate, MandateId
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import LOOK_UP_PEOPLE, PersonId, Scope, person_ref
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words
from bihuan.platform.database.sight import seeing
from bihuan.platform.web.errors import NotFound, Refused


class UnableToMandate(Refused):
    """Nobody can act by this; the words say why."""


def give_mandate(
    principal: PersonId,
    *,
    agent_name: str,
    agent_phone: str,
    until: date,
    subject: Ref | None = None,
    scope: Scope,
    at: datetime,
) -> Mandate:
    """Let the person with this name and phone act for `principal` until the end of a day.

    It is the principal who gives it, their guardian, or a clerk who has just looked the person up
    because they stand there. A running one for the same matters ends with it.

    Raises:
        NotFound: the principal is not the asker's to speak for.
        UnableToMandate: nobody is registered so, they are not grown up, or the day does not hold.
    """
    if not _may_give(principal, scope, at):
        raise NotFound("There is no such person.", code="no_person")
    assert scope.person_id is not None
    agent = _agent(agent_name, agent_phone, principal, at)
    end = _end_of(until, at)
    about = subject or Ref("", "")
    with transaction.atomic():
        lock_words(f"privacy.mandate:{principal}")
        same = MandateRow.objects.filter(
            principal_id=principal,
            agent_id=agent,
            subject_kind=about.kind,
            subject_key=about.key,
            ended_at__isnull=True,
        )
        same.update(ended_at=at, ended_by_id=scope.person_id)
        row = MandateRow.objects.create(
            principal_id=principal,
            agent_id=agent,
            subject_kind=about.kind,
            subject_key=about.key,
            given_at=at,
            given_by_id=scope.person_id,
            until=end,
        )
        fact = MandateGiven(person_ref(principal), row.pk, agent, scope.person_id, end)
        events.record(fact, origin=scope.origin, at=at)
    return queries.to_mandates([row])[0]


def _may_give(principal: PersonId, scope: Scope, at: datetime) -> bool:
    if principal in queries.people_of(scope, at=at):
        return True
    with seeing([scope.person_id]):
        return Look.objects.filter(
            asker_id=scope.person_id,
            person_id=principal,
            kind=LookKind.FOUND.value,
            at__lte=at,
            until__gt=at,
        ).exists()


def _agent(name: str, phone: str, principal: PersonId, at: datetime) -> PersonId:
    looking = registry.system_scope("privacy.mandate", [LOOK_UP_PEOPLE])
    card = registry.match_person(name, phone, scope=looking)
    if card is None:
        raise UnableToMandate(
            "Nobody is registered with this name and phone. They register first, or come along "
            "to a counter.",
            field="phone",
        )
    if card.id == principal:
        raise UnableToMandate("One acts for oneself without this.", field="name")
    if not registry.is_grown(card.id, on=clock.business_date(at)):
        raise UnableToMandate(
            "Who acts for somebody is eighteen and registered with an identity number.",
            field="name",
        )
    return card.id


def _end_of(until: date, at: datetime) -> datetime:
    today = clock.business_date(at)
    most = int(standards.get_standard("privacy.mandate", on=today).value["days"])
    if not today <= until <= today + timedelta(days=most):
        raise UnableToMandate("Choose a day from today to at most a year ahead.", field="until")
    return clock.midnight(until + timedelta(days=1))


def end_mandate(mandate_id: MandateId, *, scope: Scope, at: datetime) -> Mandate:
    """End a mandate: the principal, their guardian, or the agent who no longer wants it.

    Ended already, nothing more is written.

    Raises:
        NotFound: there is none in which the asker has a part.
    """
    with transaction.atomic():
        row = MandateRow.objects.select_for_update().filter(pk=mandate_id).first()
        mine = {*queries.people_of(scope, at=at)}
        if row is None or not {PersonId(row.principal_id), PersonId(row.agent_id)} & mine:
            raise NotFound("There is no such mandate.", code="no_mandate")
        if row.ended_at is None:
            assert scope.person_id is not None
            row.ended_at, row.ended_by_id = at, scope.person_id
            row.save(update_fields=["ended_at", "ended_by"])
            whose = person_ref(PersonId(row.principal_id))
            fact = MandateEnded(whose, row.pk, scope.person_id)
            events.record(fact, origin=scope.origin, at=at)
    return queries.to_mandates([row])[0]
