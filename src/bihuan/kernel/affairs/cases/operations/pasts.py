"""What a history becomes before it is written: rows, facts, and the keys they will have."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model

from bihuan.kernel.affairs.cases.models import Application, CallBack, Case, EntryRow, Part, Round
from bihuan.kernel.affairs.fieldwork.types import NewVerification
from bihuan.kernel.ground.events.types import Fact, Origin
from bihuan.kernel.ground.registry.types import PersonId
from bihuan.platform.database import bulk

Dated = tuple[Fact, Origin, datetime]
Look = tuple[NewVerification, PersonId | None, Origin, datetime]


class Pool:
    """Keys of rows to come, drawn many at a time."""

    def __init__(self) -> None:
        self._drawn: dict[type[Model], list[int]] = {}

    def key(self, model: type[Model]) -> int:
        """Return a key that no row of `model` has."""
        left = self._drawn.setdefault(model, [])
        if not left:
            rows = [model() for _ in range(200)]
            bulk.give_keys(rows)
            left += [row.pk for row in reversed(rows)]
        return left.pop()


@dataclass
class Past:
    """What one history becomes: rows and facts, not yet written."""

    case: Case
    rounds: list[Round] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    entries: list[EntryRow] = field(default_factory=list)
    asked: list[Application] = field(default_factory=list)
    calls: list[CallBack] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    facts: list[Dated] = field(default_factory=list)
