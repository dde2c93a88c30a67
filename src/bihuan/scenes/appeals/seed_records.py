"""How an invented matter of the months before went its way, as the county's old system kept it.

The demo county began to work with this house a week ago. What is older was taken over from its
old system, as a county would do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    MAY_TAKE_OVER,
    Deed,
    Detail,
    Hand,
    History,
    MoveName,
    NewPart,
    Raise,
    Role,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope, UnitId
from bihuan.scenes.appeals import seed_texts as texts
from bihuan.scenes.appeals.seed_walks import BY_DUTY, LINE_OF, Walk

AT_ONCE = 150


class Record(Walk):
    """Writes down each step instead of making it."""

    def __init__(
        self, world: Any, county: str, class_code: str, *, who: Hand, at: datetime
    ) -> None:
        """Begin an empty record at the moment at which the matter was raised."""
        super().__init__(world, county, class_code, None, at)
        self.deeds: list[Deed] = []
        self.who_raised = who
        self.units: list[tuple[UnitId, Scope]] = []

    def move(self, name: str, scope: Scope | None, **detail: Any) -> None:
        """Write down a move of the matter."""
        hand = self.who_raised if scope is None else hand_of(scope)
        self.deeds.append(Deed(MoveName(name), self.at, hand, Detail(**detail)))

    def dispatch(
        self, line: str = "", *, helper: bool = False, forced: str = ""
    ) -> datetime | None:
        """Write down a dispatch; return the date that the unit had."""
        scope, unit = self.world.staff.handler(self.county, line or LINE_OF[self.class_code])
        new = [NewPart(unit, Role.LEAD)]
        self.units = [(unit, scope)]
        by = self.who("duty") if forced else self.who("dispatch")
        self.deeds.append(
            Deed(
                MoveName("assign" if forced else "dispatch"),
                self.at,
                hand_of(by),
                Detail(words=forced),
                parts=tuple(new),
            )
        )
        return self.date()

    def part(self, name: str, *, which: int = 0, **detail: Any) -> None:
        """Write down a move of a part."""
        unit, scope = self.units[which]
        by = self.who("duty") if name in BY_DUTY else scope
        self.deeds.append(
            Deed(MoveName(name), self.at, hand_of(by), Detail(**detail), part_of=unit)
        )

    def feed_back(self, which: int = 0) -> None:
        """Write down an answer; its photo stayed in the old system."""
        self.end_stages(which)
        self.part("feed_back", which=which, words=self.pick(texts.DONE[self.class_code]))

    def count_parts(self) -> int:
        """Return how many units are at work."""
        return len(self.units)

    def check(self, *, cleared: bool) -> None:
        """Write down what another person saw on the spot."""
        words = "" if cleared else self.pick(texts.NOT_YET)
        self.move("pass" if cleared else "fail", self.who("verify"), words=words, reason=words)

    def call(self, result: str, *, words: str = "", solved: str = "") -> None:
        """Write down a call back."""
        again = any(deed.move == "call_back_redo" for deed in self.deeds)
        names = {"unreached": "call_back_missed", "unsatisfied": "call_back_redo"}
        name = None if again else names.get(result)
        rating = result if name is None else ""
        self.move(
            name or "call_back",
            self.who("duty"),
            channel="phone",
            rating=rating,
            solved=solved,
            words=words,
        )


def hand_of(scope: Scope) -> Hand:
    """Return who it was, as records name him."""
    return Hand(scope.person_id, scope.unit_id, scope.origin.account_id)


def take_over(world: Any, records: Sequence[tuple[Raise, Record]]) -> None:
    """Take the records over, some at a time."""
    scope = registry.system_scope("seeds", (MAY_TAKE_OVER,))
    for start in range(0, len(records), AT_ONCE):
        some = [
            History(replace(what, photos=()), record.raised, record.who_raised, tuple(record.deeds))
            for what, record in records[start : start + AT_ONCE]
        ]
        for taken in cases.take_over_cases(some, scope=scope, at=world.now):
            if taken.refusal:
                raise ValueError(f"{taken.source_key}: {taken.deed}. {taken.refusal}")
