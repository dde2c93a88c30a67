"""The ladder of reminders: who is told at which rung of a deadline, and the overdue levels."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.kernel.ground.registry.types import DutyCode

UNIT_HEAD = DutyCode("unit_head")
MAIN_LEADER = DutyCode("main_leader")
"""The head of a unit; the main leader of a place. The leader in charge is the registry's LEADER."""


class Told(enum.StrEnum):
    """Who is told at a rung; each stands one level above the one before it."""

    HOLDER = "holder"
    HEAD = "head"
    LEADER = "leader"
    MAIN_LEADER = "main_leader"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of being overdue: from how many working days on, who is told, is it supervised."""

    code: str
    after: int
    tells: tuple[Told, ...]
    supervise: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The dated rule ``cases.ladder``."""

    before: Mapping[str, tuple[Told, ...]]
    """Whom the rungs up to the due time tell: ``half``, ``fifth``, ``due``."""
    levels: tuple[Level, ...]
    clocks: frozenset[str]
    """The clocks for which it holds."""

    @classmethod
    def from_value(cls, value: Mapping[str, Any]) -> Ladder:
        """Return the ladder that a dated rule holds."""
        levels = [
            Level(
                str(one["code"]),
                int(one["after"]),
                tuple(Told(who) for who in one["tells"]),
                bool(one.get("supervise", False)),
            )
            for one in value["overdue"]
        ]
        return cls(
            before={
                rung: tuple(Told(who) for who in tells) for rung, tells in value["before"].items()
            },
            levels=tuple(sorted(levels, key=lambda level: level.after)),
            clocks=frozenset(value["clocks"]),
        )

    def level_at(self, days: int) -> Level:
        """Return the level of something overdue by so many working days; 0: since today."""
        return [level for level in self.levels if level.after <= days][-1]

    def reached(self, days: int, before: int) -> tuple[Level, ...]:
        """Return the levels that were reached since it was overdue by `before` days (-1: not)."""
        return tuple(level for level in self.levels if before < level.after <= days)
