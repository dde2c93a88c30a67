"""Where somebody is reached: asked of `privacy` at the moment of sending, kept nowhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    OrganisationId,
    PersonId,
    RelationKind,
    Scope,
)
from bihuan.kernel.tools.notices.types import FIRM, PERSON, AddressKind, RefusedForGood, Why

SPEAKS_FOR_FIRM = (RelationKind.CONTACT, RelationKind.LEGAL_REPRESENTATIVE)


def address_of(to: Ref, kind: AddressKind, *, scope: Scope, at: datetime) -> str:
    """Return the address of a recipient for one kind of channel.

    Raises:
        RefusedForGood: there is none.
    """
    if kind is AddressKind.OWN_ID:
        return str(to)
    phone = ""
    if to.kind == PERSON:
        phone = privacy.find_phone_to_reach(PersonId(UUID(to.key)), scope=scope, at=at)
    elif to.kind == FIRM:
        phone = _phone_of_firm(OrganisationId(UUID(to.key)), scope=scope, at=at)
    if not phone:
        raise RefusedForGood(Why.NO_ADDRESS)
    return phone


def _phone_of_firm(firm: OrganisationId, *, scope: Scope, at: datetime) -> str:
    """Return the phone of the firm's contact, else of its legal representative."""
    found = registry.list_relations(firm, at=at, kinds=SPEAKS_FOR_FIRM)
    order = sorted(found, key=lambda relation: SPEAKS_FOR_FIRM.index(relation.kind))
    for relation in order:
        phone = privacy.find_phone_to_reach(relation.person.id, scope=scope, at=at)
        if phone:
            return phone
    return ""
