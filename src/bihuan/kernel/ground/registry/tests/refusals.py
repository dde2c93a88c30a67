"""What the tests of the registry share: refusals that change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.models import (
    Area,
    AreaLineage,
    Household,
    OfficerAssignment,
    Organisation,
    PartyRelation,
    Person,
    Post,
    Unit,
)
from bihuan.platform.web.errors import Refused

TABLES = (
    Area,
    AreaLineage,
    Household,
    OfficerAssignment,
    Organisation,
    PartyRelation,
    Person,
    Post,
    Unit,
)


def world() -> tuple[object, ...]:
    """Return everything the room keeps, and how many facts there are."""
    rows = [sorted(map(repr, table.objects.values_list())) for table in TABLES]
    return (*rows, events.count_facts())


@contextmanager
def refused(error: type[Refused], code: str, field: str | None = None) -> Iterator[None]:
    """Expect a refusal, and that nothing changed and nothing was recorded."""
    before = world()
    with pytest.raises(error) as refusal:
        yield
    assert refusal.value.code == code
    assert field is None or refusal.value.field == field
    assert refusal.value.spoken()
    assert world() == before


def names(ref: Ref) -> list[str]:
    """Return the names of the facts about `ref`."""
    return [fact.name for fact in events.list_facts(subject=ref)]
