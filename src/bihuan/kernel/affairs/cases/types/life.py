"""A life as data: moves, clocks, deadlines, kinds and classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.kernel.affairs.cases.types.words import (
    Clock,
    Guard,
    KindCode,
    MoveName,
    Needs,
    On,
    PartState,
    State,
)
from bihuan.kernel.ground.registry.types import DutyCode, Power


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """One effect on one named clock."""

    clock: str
    effect: Clock


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the reviewed from → to table: who, from where, to where, and what it takes."""

    name: MoveName
    on: On
    source: tuple[State | PartState, ...]
    target: State | PartState | None
    """None: the matter stays where it is; something is added to it."""
    power: Power
    guards: tuple[Guard, ...] = ()
    needs: tuple[Needs, ...] = ()
    clocks: tuple[ClockEffect, ...] = ()
    notice: str = ""
    """The kind of notice to who raised the matter; empty when nobody is told."""
    outcome: str = ""
    """What a closing move means for who raised it; every closing move has one."""
    takes: tuple[Needs, ...] = ()
    """What it may bring along."""
    reasons: tuple[str, ...] = ()
    """The closed list from which its reason comes; empty: any words."""
    asks: str = ""
    """What this move asks another person to decide."""
    decides: str = ""
    """What was asked for and this move decides; never by who asked."""
    new_round: str = ""
    """Why this move begins a new round: ``redo``, ``reopen``, ``look_back``."""
    by_hand: bool = False
    """It has a page of its own instead of the form made from this row."""

    def ends_in(self, state: State | PartState) -> State | PartState:
        """Return where a matter or part in `state` stands after this move."""
        return state if self.target is None else self.target


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock of a life: its name, and the standard that holds its budget.

    `on` says which states it must cover; `standard` is a code like ``cases.limit.accept`` or, for
    disposal, the prefix to which the class of the matter is added.
    """

    name: str
    standard: str
    covers: tuple[State | PartState, ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A whole life as data; `rules.check_lifecycle` refuses one that could lose a matter."""

    code: str
    transitions: tuple[Transition, ...]
    deadlines: tuple[Deadline, ...]
    first: State = State.REPORTED
    closed: frozenset[State] = frozenset()
    follows: frozenset[State] = frozenset()
    """Open states that follow a master or wait for a review date instead of a deadline."""
    duties: tuple[tuple[State | PartState, DutyCode], ...] = ()
    """Which duty is answerable while a matter stands in a state."""


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of matter that a scene declares."""

    code: KindCode
    title: str
    life: Lifecycle
    classes: tuple[CaseClass, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A class of matters (小类): what it is and who usually handles it.

    Its conditions, limits and evidence are dated rules, ``cases.class.<kind>.<code>``.
    """

    code: str
    title: str
    line: str
    """The functional line of the unit that usually handles it."""
    urgent: bool = False
    words: tuple[str, ...] = ()
    """Words in a report that suggest this class."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One timed stage of disposal: what is done in it, and its limit."""

    name: str
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of a class as they stood when a matter was raised; kept with the matter."""

    version: int = 0
    """The version of the dated rule; 0: the matter is older than its class's rules."""
    file_when: str = ""
    """Filing condition (立案条件)."""
    close_when: str = ""
    """Closing condition (结案条件)."""
    stages: tuple[Stage, ...] = ()
    after_photos: int = 1
    """How many photos of the result an answer needs; 0 where nothing can be seen."""
    sensitive: bool = False
    look_back_days: int = 0
    """After how many days somebody looks again (回头看); 0: not scheduled."""
    codes: tuple[tuple[str, str], ...] = ()
    """Its codes elsewhere: GB/T 30428, GB/T 31000, 12345, 四平台."""

    @classmethod
    def from_value(cls, value: Mapping[str, Any], *, version: int) -> Terms:
        """Return the terms that a dated rule holds."""
        return cls(
            version=version,
            file_when=value.get("file_when", ""),
            close_when=value.get("close_when", ""),
            stages=tuple(
                Stage(s.get("name", ""), int(s["amount"]), s["unit"])
                for s in value.get("stages", ())
            ),
            after_photos=int(value.get("after_photos", 1)),
            sensitive=bool(value.get("sensitive", False)),
            look_back_days=int(value.get("look_back_days", 0)),
            codes=tuple(sorted(value.get("codes", {}).items())),
        )

    def to_value(self) -> dict[str, Any]:
        """Return the plain value that is kept with a matter."""
        return {
            "file_when": self.file_when,
            "close_when": self.close_when,
            "stages": [{"name": s.name, "amount": s.amount, "unit": s.unit} for s in self.stages],
            "after_photos": self.after_photos,
            "sensitive": self.sensitive,
            "look_back_days": self.look_back_days,
            "codes": dict(self.codes),
        }
