"""Registering firms."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.facts import OrganisationRegistered
from bihuan.kernel.ground.registry.gazetteer import pinyin_key
from bihuan.kernel.ground.registry.models import Area
from bihuan.kernel.ground.registry.models import Organisation as Row
from bihuan.kernel.ground.registry.operations.common import (
    UnableToRegister,
    area_row,
    checked,
    lock_words,
)
from bihuan.kernel.ground.registry.policies import require_area, require_power
from bihuan.kernel.ground.registry.queries.organisations import to_organisation
from bihuan.kernel.ground.registry.rules import identifiers
from bihuan.kernel.ground.registry.types import (
    REGISTER_FIRMS,
    NewOrganisation,
    Organisation,
    OrganisationId,
    Scope,
    organisation_ref,
)


def register_organisation(new: NewOrganisation, *, scope: Scope, at: datetime) -> Organisation:
    """Register a firm where its premises lie.

    Raises:
        UnableToRegister: no name, a code that does not check, or one that is registered already.
    """
    uscc = checked(new.uscc, identifiers.uscc_fault, field="uscc")
    with transaction.atomic():
        lock_words(f"organisation:{uscc or new.name}")
        require_power(scope, REGISTER_FIRMS)
        area = area_row(new.area_code)
        require_area(scope, area.path)
        _require_new(new.name, uscc)
        row = _create(new, uscc, area, at)
        fact = OrganisationRegistered(organisation_ref(OrganisationId(row.pk)), uscc, area.path)
        events.record(fact, origin=scope.origin, at=at)
        return to_organisation(row)


def _create(new: NewOrganisation, uscc: str, area: Area, at: datetime) -> Row:
    return Row.objects.create(
        name=new.name.strip(),
        sort_key=pinyin_key(new.name.strip()),
        uscc=uscc or None,
        industry=new.industry,
        is_above_scale=new.is_above_scale,
        address=new.address.strip(),
        registered_address=new.registered_address.strip(),
        area=area,
        longitude=new.longitude,
        latitude=new.latitude,
        registered_at=at,
    )


def _require_new(name: str, uscc: str) -> None:
    if not name.strip():
        raise UnableToRegister("Write the name.", code="name_missing", field="name")
    known = Row.objects.filter(uscc=uscc).first() if uscc else None
    if known is not None:
        raise UnableToRegister(
            "This social credit code is registered already, for %(name)s.",
            code="organisation_known",
            field="uscc",
            name=known.name,
        )
