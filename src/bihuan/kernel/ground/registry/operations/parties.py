"""What people are to firms, households and each other; the officer of a firm."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import policies
from bihuan.kernel.ground.registry.facts import (
    OfficerAssigned,
    OfficerReleased,
    PartiesRelated,
    RelationEnded,
)
from bihuan.kernel.ground.registry.models import (
    Household,
    OfficerAssignment,
    Organisation,
    PartyRelation,
    Person,
    Post,
)
from bihuan.kernel.ground.registry.operations.common import lock_words
from bihuan.kernel.ground.registry.queries.organisations import to_relation
from bihuan.kernel.ground.registry.queries.people import to_card
from bihuan.kernel.ground.registry.queries.periods import in_force
from bihuan.kernel.ground.registry.rules.areas import day_of
from bihuan.kernel.ground.registry.types import (
    ASSIGN_OFFICERS,
    PROJECT_OFFICER,
    REGISTER_FIRMS,
    REGISTER_PEOPLE,
    OrganisationId,
    PersonCard,
    PersonId,
    Relation,
    RelationKind,
    Scope,
    organisation_ref,
    person_ref,
)
from bihuan.platform.web.errors import NotFound, Refused

OF_FIRM = frozenset(
    {
        RelationKind.LEGAL_REPRESENTATIVE,
        RelationKind.CONTACT,
        RelationKind.SAFETY_OFFICER,
        RelationKind.EMPLOYEE,
    }
)
OF_HOUSEHOLD = frozenset({RelationKind.HOUSEHOLD_HEAD, RelationKind.HOUSEHOLD_MEMBER})


class UnableToRelate(Refused):
    """The relation does not fit, or it stands already."""


class UnableToAssignOfficer(Refused):
    """The firm has its officer, or the person is none."""


def relate_to_organisation(
    person_id: PersonId,
    *,
    organisation_id: OrganisationId,
    kind: RelationKind,
    valid_from: date | None = None,
    scope: Scope,
    at: datetime,
) -> Relation:
    """Make a person legal representative, contact, safety officer or employee of a firm."""
    if kind not in OF_FIRM:
        raise UnableToRelate("A person cannot be this to a firm.", code="kind")
    with transaction.atomic():
        lock_words(f"organisation:{organisation_id}")
        policies.require_power(scope, REGISTER_FIRMS)
        firm = Organisation.objects.select_related("area").filter(pk=organisation_id).first()
        if firm is None:
            raise NotFound("There is no such firm.", code="no_organisation")
        policies.require_area(scope, firm.area.path)
        begins = valid_from or day_of(at)
        if kind is RelationKind.LEGAL_REPRESENTATIVE:
            _require_none(organisation_id, begins)
        return _relate(person_id, kind, begins, scope, at, organisation_id=organisation_id)


def relate_to_household(
    person_id: PersonId,
    *,
    household_id: uuid.UUID,
    kind: RelationKind,
    valid_from: date | None = None,
    scope: Scope,
    at: datetime,
) -> Relation:
    """Make a person head or member of a household."""
    if kind not in OF_HOUSEHOLD:
        raise UnableToRelate("A person cannot be this to a household.", code="kind")
    with transaction.atomic():
        lock_words(f"household:{household_id}")
        policies.require_power(scope, REGISTER_PEOPLE)
        if not Household.objects.filter(pk=household_id).exists():
            raise NotFound("There is no such household.", code="no_household")
        begins = valid_from or day_of(at)
        return _relate(person_id, kind, begins, scope, at, household_id=household_id)


def relate_to_person(
    person_id: PersonId,
    *,
    other_id: PersonId,
    kind: RelationKind,
    valid_from: date | None = None,
    scope: Scope,
    at: datetime,
) -> Relation:
    """Make a person the spouse or guardian of another."""
    if kind in OF_FIRM | OF_HOUSEHOLD or person_id == other_id:
        raise UnableToRelate("A person cannot be this to a person.", code="kind")
    with transaction.atomic():
        lock_words(f"person:{person_id}", f"person:{other_id}")
        policies.require_power(scope, REGISTER_PEOPLE)
        if not Person.objects.filter(pk=other_id).exists():
            raise NotFound("There is no such person.", code="no_person")
        return _relate(person_id, kind, valid_from or day_of(at), scope, at, other_id=other_id)


def _require_none(organisation_id: OrganisationId, begins: date) -> None:
    standing = PartyRelation.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=begins),
        organisation_id=organisation_id,
        kind=RelationKind.LEGAL_REPRESENTATIVE,
    )
    if standing.exists():
        raise UnableToRelate(
            "The firm has a legal representative. End that first.", code="one_legal_representative"
        )


def _relate(
    person_id: PersonId,
    kind: RelationKind,
    begins: date,
    scope: Scope,
    at: datetime,
    **target: uuid.UUID,
) -> Relation:
    person = Person.objects.select_related("area").filter(pk=person_id).first()
    if person is None:
        raise NotFound("There is no such person.", code="no_person")
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=begins)
    if PartyRelation.objects.filter(lasting, person=person, kind=kind, **target).exists():
        raise UnableToRelate("This relation stands already.", code="relation_known")
    row = PartyRelation.objects.create(person=person, kind=kind, valid_from=begins, **target)
    (aim,) = target.values()
    fact = PartiesRelated(person_ref(person_id), row.pk, kind, aim, begins)
    events.record(fact, origin=scope.origin, at=at)
    return to_relation(row)


def end_relation(
    relation_id: int, *, on_date: date | None = None, scope: Scope, at: datetime
) -> Relation:
    """End a relation; `on_date` (today when not given) is the first day without it."""
    ends = on_date or day_of(at)
    with transaction.atomic():
        row = PartyRelation.objects.select_for_update().filter(pk=relation_id).first()
        if row is None:
            raise NotFound("There is no such relation.", code="no_relation")
        _require_may_end(row, scope)
        if row.valid_to is not None and row.valid_to <= ends:
            raise UnableToRelate("This relation has ended already.", code="relation_ended")
        row.valid_to = max(ends, row.valid_from)
        row.save(update_fields=["valid_to"])
        fact = RelationEnded(person_ref(PersonId(row.person_id)), row.pk, row.kind, row.valid_to)
        events.record(fact, origin=scope.origin, at=at)
        return to_relation(row)


def _require_may_end(row: PartyRelation, scope: Scope) -> None:
    if row.organisation is None:
        policies.require_power(scope, REGISTER_PEOPLE)
        return
    policies.require_power(scope, REGISTER_FIRMS)
    policies.require_area(scope, row.organisation.area.path)


def assign_officer(
    organisation_id: OrganisationId,
    *,
    person_id: PersonId,
    valid_from: date | None = None,
    scope: Scope,
    at: datetime,
) -> PersonCard:
    """Give a firm its one officer (一企一警).

    Raises:
        UnableToAssignOfficer: the firm has one, or the person holds no post of project officer.
    """
    begins = valid_from or day_of(at)
    with transaction.atomic():
        lock_words(f"officer:{organisation_id}")
        firm = _firm_for_officer(organisation_id, scope)
        officer = Person.objects.select_related("area").filter(pk=person_id).first()
        if officer is None or not _is_project_officer(person_id, at):
            raise UnableToAssignOfficer("This person is no project officer.", code="no_officer")
        _require_free(firm, begins)
        OfficerAssignment.objects.create(organisation=firm, person=officer, valid_from=begins)
        fact = OfficerAssigned(organisation_ref(organisation_id), person_id, begins)
        events.record(fact, origin=scope.origin, at=at)
        return to_card(officer)


def release_officer(
    organisation_id: OrganisationId, *, on_date: date | None = None, scope: Scope, at: datetime
) -> None:
    """End the officer's care for a firm; `on_date` (today) is the first day without it."""
    ends = on_date or day_of(at)
    with transaction.atomic():
        lock_words(f"officer:{organisation_id}")
        firm = _firm_for_officer(organisation_id, scope)
        row = OfficerAssignment.objects.filter(in_force(at), organisation=firm).first()
        if row is None:
            raise UnableToAssignOfficer("This firm has no officer.", code="no_assignment")
        row.valid_to = max(ends, row.valid_from)
        row.save(update_fields=["valid_to"])
        fact = OfficerReleased(organisation_ref(organisation_id), row.person_id, row.valid_to)
        events.record(fact, origin=scope.origin, at=at)


def _firm_for_officer(organisation_id: OrganisationId, scope: Scope) -> Organisation:
    policies.require_power(scope, ASSIGN_OFFICERS)
    firm = Organisation.objects.select_related("area").filter(pk=organisation_id).first()
    if firm is None:
        raise NotFound("There is no such firm.", code="no_organisation")
    policies.require_area(scope, firm.area.path)
    return firm


def _is_project_officer(person_id: PersonId, at: datetime) -> bool:
    return Post.objects.filter(in_force(at), person_id=person_id, duty=PROJECT_OFFICER).exists()


def _require_free(firm: Organisation, begins: date) -> None:
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=begins)
    row = OfficerAssignment.objects.filter(lasting, organisation=firm).first()
    if row is not None:
        raise UnableToAssignOfficer(
            "%(name)s looks after this firm. End that first.",
            code="one_officer",
            name=to_card(row.person).name,
        )
