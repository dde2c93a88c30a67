"""Reading people: always masked, save one's own page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bihuan.kernel.ground.registry.kinds import shown
from bihuan.kernel.ground.registry.models import PartyRelation, Person
from bihuan.kernel.ground.registry.policies import require_power
from bihuan.kernel.ground.registry.queries.periods import in_force
from bihuan.kernel.ground.registry.rules import identifiers
from bihuan.kernel.ground.registry.types import (
    LOOK_UP_PEOPLE,
    OPEN_IDENTIFIERS,
    REACH_PEOPLE,
    AreaPath,
    Field,
    OwnDetails,
    PersonCard,
    PersonId,
    RelationKind,
    Scope,
)
from bihuan.platform.crypto import sealing
from bihuan.platform.web.errors import NotFound

ABOUT_ID_NUMBER = "registry.person.id_number"
ABOUT_PHONE = "registry.person.phone"
GROWN = 18
"""Age from which somebody acts for others (民法典第十七条)."""


def to_card(row: Person) -> PersonCard:
    """Return the row as a masked value."""
    return PersonCard(
        id=PersonId(row.pk),
        name=shown(Field.NAME, row.name.open()),
        phone=shown(Field.PHONE, row.phone.open()) if row.phone else "",
        id_number=shown(Field.ID_NUMBER, row.id_number.open()) if row.id_number else "",
        area_path=_path(row),
        account_id=row.account_id,
    )


def _path(row: Person) -> AreaPath | None:
    return AreaPath(row.area.path) if row.area else None


def person_cards(person_ids: Iterable[PersonId]) -> dict[PersonId, PersonCard]:
    """Return several people, masked, in one statement: for rows that the caller may show."""
    rows = Person.objects.select_related("area").filter(pk__in=set(person_ids))
    return {PersonId(row.pk): to_card(row) for row in rows}


def get_person_card(person_id: PersonId) -> PersonCard:
    """Return one person, masked.

    Raises:
        NotFound: there is none.
    """
    card = person_cards([person_id]).get(person_id)
    if card is None:
        raise NotFound("There is no such person.", code="no_person")
    return card


def find_person_of_account(account_id: int) -> PersonCard | None:
    """Return the person of an account, masked, or None."""
    row = Person.objects.select_related("area").filter(account_id=account_id).first()
    return to_card(row) if row else None


def person_cards_of_accounts(account_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Return the people of several accounts, masked: for the lines of a timeline."""
    rows = Person.objects.select_related("area").filter(account_id__in=set(account_ids))
    return {row.account_id: to_card(row) for row in rows if row.account_id is not None}


def get_own_details(*, scope: Scope) -> OwnDetails:
    """Return what a person may see of themselves. Nobody gets anybody else's.

    Raises:
        NotFound: nobody is signed in, or the account has no person.
    """
    asked = Person.objects.select_related("area")
    row = asked.filter(pk=scope.person_id).first() if scope.person_id else None
    if row is None or row.account_id is None or row.account_id != scope.origin.account_id:
        raise NotFound("There is no such person.", code="no_person")
    return OwnDetails(
        id=PersonId(row.pk),
        name=row.name.open(),
        phone=row.phone.open() if row.phone else "",
        id_number=shown(Field.ID_NUMBER, row.id_number.open()) if row.id_number else "",
        area_path=_path(row),
    )


def find_person_by_id_number(id_number: str, *, scope: Scope) -> PersonCard | None:
    """Return the person with exactly this identity number, masked, or None."""
    require_power(scope, LOOK_UP_PEOPLE)
    number = identifiers.clean(id_number)
    found = sealing.blind_indexes(number, about=ABOUT_ID_NUMBER)
    row = Person.objects.select_related("area").filter(id_number_index__in=found).first()
    return to_card(row) if row else None


def list_people_by_phone(phone: str, *, scope: Scope) -> tuple[PersonCard, ...]:
    """Return everybody with exactly this phone, masked; families share one."""
    require_power(scope, LOOK_UP_PEOPLE)
    found = sealing.blind_indexes(identifiers.clean(phone), about=ABOUT_PHONE)
    rows = Person.objects.select_related("area").filter(phone_index__in=found)
    return tuple(to_card(row) for row in rows.order_by("registered_at", "pk"))


def match_person(name: str, phone: str, *, scope: Scope) -> PersonCard | None:
    """Return the person with exactly this name and phone, masked; the oldest record, or None."""
    require_power(scope, LOOK_UP_PEOPLE)
    found = sealing.blind_indexes(identifiers.clean(phone), about=ABOUT_PHONE)
    rows = Person.objects.select_related("area").filter(phone_index__in=found)
    wanted = name.strip()
    same = (row for row in rows.order_by("registered_at", "pk") if row.name.open() == wanted)
    return next((to_card(row) for row in same), None)


def is_grown(person_id: PersonId, *, on: date) -> bool:
    """Return whether somebody is known to be eighteen; without an identity number nobody knows."""
    row = Person.objects.filter(pk=person_id).first()
    born = identifiers.birth_date(row.id_number.open()) if row and row.id_number else None
    if born is None:
        return False
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) >= GROWN


def find_phone_to_reach(person_id: PersonId, *, scope: Scope) -> str:
    """Return the clear phone at the moment of sending, or an empty text. Keep it nowhere."""
    require_power(scope, REACH_PEOPLE)
    row = Person.objects.only("pk", "phone").filter(pk=person_id).first()
    return row.phone.open() if row and row.phone else ""


def open_identifier(person_id: PersonId, field: Field, *, scope: Scope) -> str:
    """Return one clear value of a person, or an empty text. `privacy` alone asks, after its line.

    Raises:
        NotAllowed: anybody else asks.
    """
    require_power(scope, OPEN_IDENTIFIERS)
    row = Person.objects.filter(pk=person_id).first()
    sealed = getattr(row, field.value) if row else None
    return str(sealed.open()) if sealed else ""


def list_kin(person_id: PersonId, *, at: datetime) -> frozenset[PersonId]:
    """Return spouse, guardians, wards and the members of the same household, at this time."""
    now = PartyRelation.objects.filter(in_force(at))
    to_people = now.filter(other__isnull=False)
    homes = now.filter(household__isnull=False)
    own_homes = homes.filter(person_id=person_id).values("household_id")
    found = {
        *to_people.filter(person_id=person_id).values_list("other_id", flat=True),
        *to_people.filter(other_id=person_id).values_list("person_id", flat=True),
        *homes.filter(household_id__in=own_homes).values_list("person_id", flat=True),
    }
    return frozenset(PersonId(key) for key in found if key is not None and key != person_id)


def list_wards(person_id: PersonId, *, at: datetime) -> tuple[PersonCard, ...]:
    """Return those for whom a person acts as guardian (监护人) at this time, masked."""
    now = PartyRelation.objects.filter(in_force(at), kind=RelationKind.GUARDIAN.value)
    mine = now.filter(person_id=person_id, other__isnull=False).values("other_id")
    rows = Person.objects.select_related("area").filter(pk__in=mine).order_by("pk")
    return tuple(to_card(row) for row in rows)
