"""Registering people and households."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.facts import HouseholdRegistered, PersonRegistered
from bihuan.kernel.ground.registry.models import Household, Person
from bihuan.kernel.ground.registry.operations.common import (
    UnableToRegister,
    area_row,
    checked,
    lock_words,
)
from bihuan.kernel.ground.registry.policies import require_area, require_power
from bihuan.kernel.ground.registry.queries.people import ABOUT_ID_NUMBER, ABOUT_PHONE, to_card
from bihuan.kernel.ground.registry.rules import identifiers
from bihuan.kernel.ground.registry.rules.areas import day_of
from bihuan.kernel.ground.registry.types import (
    REGISTER_PEOPLE,
    PersonCard,
    PersonId,
    Scope,
    person_ref,
)
from bihuan.platform.crypto import sealing

NAME_LENGTH = 60


def register_person(
    *,
    name: str,
    id_number: str = "",
    phone: str = "",
    area_code: str = "",
    account_id: int | None = None,
    scope: Scope,
    at: datetime,
) -> PersonCard:
    """Register a human being and return the masked card.

    Raises:
        UnableToRegister: the name is empty, a number does not check, or it is registered already.
    """
    number = checked(
        id_number,
        lambda text: identifiers.id_number_fault(text, today=day_of(at)),
        field="id_number",
    )
    mobile = checked(phone, identifiers.phone_fault, field="phone")
    with transaction.atomic():
        index = sealing.blind_index(number, about=ABOUT_ID_NUMBER) if number else None
        lock_words(f"person:{index.hex()}" if index else f"person:new:{account_id}")
        require_power(scope, REGISTER_PEOPLE)
        _require_new(name, number, account_id)
        row = Person(
            name=name.strip(),
            account_id=account_id,
            id_number=number or None,
            id_number_index=index,
            phone=mobile or None,
            phone_index=sealing.blind_index(mobile, about=ABOUT_PHONE) if mobile else None,
            area=area_row(area_code) if area_code else None,
            registered_at=at,
        )
        row.save(force_insert=True)
        fact = PersonRegistered(person_ref(PersonId(row.pk)), bool(number), bool(mobile))
        events.record(fact, origin=scope.origin, at=at)
        return to_card(row)


def _require_new(name: str, number: str, account_id: int | None) -> None:
    if not 1 <= len(name.strip()) <= NAME_LENGTH:
        raise UnableToRegister("Write the name.", code="name_missing", field="name")
    if number:
        known = sealing.blind_indexes(number, about=ABOUT_ID_NUMBER)
        row = Person.objects.filter(id_number_index__in=known).first()
        if row is not None:
            raise UnableToRegister(
                "This identity number is registered already, for %(name)s.",
                code="person_known",
                field="id_number",
                name=to_card(row).name,
            )
    if account_id is not None and Person.objects.filter(account_id=account_id).exists():
        raise UnableToRegister("This account has its person already.", code="account_known")


def register_household(*, area_code: str, address: str, scope: Scope, at: datetime) -> uuid.UUID:
    """Register a household at an address in a village or below, and return its id."""
    with transaction.atomic():
        require_power(scope, REGISTER_PEOPLE)
        area = area_row(area_code)
        require_area(scope, area.path)
        if not address.strip():
            raise UnableToRegister("Write the address.", code="address_missing", field="address")
        row = Household(area=area, address=address.strip(), registered_at=at)
        row.save(force_insert=True)
        fact = HouseholdRegistered(Ref("registry.household", str(row.pk)), area.path)
        events.record(fact, origin=scope.origin, at=at)
        return row.pk
