"""How an invented matter goes its way: each step in office hours, never after the world's end."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    CaseId,
    Detail,
    MoveName,
    NewPart,
    PartId,
    Role,
    Terms,
)
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Budget, Unit
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform import clock
from bihuan.scenes.appeals import seed_texts as texts
from bihuan.scenes.appeals.classes import CLASSES

BY_DUTY = frozenset({"allow_extension", "refuse_extension"})
LINE_OF = {c.code: c.line for c in CLASSES}
RATINGS = ("satisfied", "fairly_satisfied", "neutral", "unsatisfied")
LATE = 0.07
"""Which share of matters is closed after its date."""


class NotYet(Exception):
    """The next step lies after the world's end: the matter stays where it is."""


class Walk:
    """One matter and who does what with it."""

    raiser: Scope | None
    """Who raised it; in a record of another house, whom it names."""
    n: int
    before: CaseId | None

    def __init__(
        self, world: Any, county: str, class_code: str, case_id: CaseId | None, at: datetime
    ) -> None:
        """Stand at the moment at which the matter was raised."""
        self.world, self.county, self.class_code = world, county, class_code
        self.raised, self.at = at, at
        if case_id is not None:
            self.case_id = case_id
        self.parts: list[tuple[PartId, Scope]] = []
        self.terms: Terms = cases.terms_of_class(
            APPEAL, class_code, on=clock.business_date(at), county=county
        )
        self.stages_left = 0
        self.followers: tuple[Callable[[datetime], CaseId], ...] = ()
        self.begin, self.span, self.by_office = at, 0.0, True

    # -- time ----------------------------------------------------------------------------------

    def later(self, low: float, high: float) -> None:
        """Let some office minutes pass."""
        self._at(self.world.office.after(self.at, self.world.rng.uniform(low, high)))

    def young(self) -> None:
        """Let the steps to come lie between the raising and now."""
        office = self.world.office
        self.begin, self.by_office = self.raised, True
        self.span = max(0.0, office.position(self.world.now) - office.position(self.raised) - 2)

    def aim(self, due: datetime | None) -> None:
        """Let the steps to come lie before (seldom behind) the date of the lead's part."""
        assert due is not None
        office, rng = self.world.office, self.world.rng
        share = rng.uniform(1.05, 1.5) if rng.random() < LATE else rng.uniform(0.3, 0.92)
        minutes = office.position(due) - office.position(self.at)
        self.by_office = minutes >= 60
        whole = minutes if self.by_office else (due - self.at).total_seconds() / 60
        self.begin, self.span = self.at, whole * share

    def to(self, share: float) -> None:
        """Go to a share of the span."""
        minutes = self.span * share
        if self.by_office:
            self._at(self.world.office.after(self.begin, minutes))
        else:
            self._at(self.begin + timedelta(minutes=minutes))

    def _at(self, at: datetime) -> None:
        if at >= self.world.now:
            raise NotYet
        self.at = max(self.at, at)

    # -- steps ---------------------------------------------------------------------------------

    def who(self, what: str) -> Scope:
        """Return who does `what` in the county."""
        scope: Scope = self.world.staff.scope(self.county, what)
        return scope

    def move(self, name: str, scope: Scope | None, **detail: Any) -> None:
        """Make one move on the matter."""
        assert scope is not None
        cases.move_case(
            self.case_id, move=MoveName(name), scope=scope, at=self.at, detail=Detail(**detail)
        )

    def pick(self, words: tuple[str, ...]) -> str:
        """Return one of several sentences."""
        chosen: str = self.world.rng.choice(words)
        return chosen

    def file(self) -> None:
        """Take the matter on."""
        self.move("file", self.who("accept"))

    def dispatch(
        self, line: str = "", *, helper: bool = False, forced: str = ""
    ) -> datetime | None:
        """Give the matter to the unit of its line, perhaps with a helping one; return the date.

        `forced`: what the joint review found that assigns it.
        """
        scope, unit = self.world.staff.handler(self.county, line or LINE_OF[self.class_code])
        new, hands = [NewPart(unit, Role.LEAD)], [scope]
        if helper:
            other, helps = self.world.staff.handler(self.county, "urban_management")
            if helps != unit:
                new.append(NewPart(helps, Role.CO_HANDLER, "配合现场处置"))
                hands.append(other)
        if forced:
            duty = self.who("duty")
            moved = cases.assign_case(
                self.case_id, parts=new, review=forced, scope=duty, at=self.at
            )
        else:
            by = self.who("dispatch")
            moved = cases.dispatch_case(self.case_id, parts=new, scope=by, at=self.at)
        assert moved.part_id is not None
        ids = [moved.part_id]
        if len(new) > 1:
            view = cases.get_case(self.case_id, scope=self.who("dispatch"))
            ids = [part.id for part in view.parts][-len(new) :]
        self.parts = list(zip(ids, hands, strict=True))
        return self.date()

    def date(self) -> datetime:
        """Return by when all of it is to be done, in as many stages as its class has."""
        self.stages_left = len(self.terms.stages) - 1
        last = self.terms.stages[-1]
        budget = Budget(last.amount, Unit(last.unit))
        return clocks.due_for(budget, self.at, clocks.get_calendar()).at

    def count_parts(self) -> int:
        """Return how many units are at work."""
        return len(self.parts)

    def part(self, name: str, *, which: int = 0, **detail: Any) -> None:
        """Make one move on a part."""
        part_id, scope = self.parts[which]
        scope = self.who("duty") if name in BY_DUTY else scope
        cases.move_part(
            part_id, move=MoveName(name), scope=scope, at=self.at, detail=Detail(**detail)
        )

    def feed_back(self, which: int = 0) -> None:
        """Report a part as done, with a photo."""
        words = self.pick(texts.DONE[self.class_code])
        self.end_stages(which)
        photo = self.world.photo(self.n, done=True)
        self.part("feed_back", which=which, words=words, photos=(photo,))

    def end_stages(self, which: int = 0) -> None:
        """End what stages are left before the last one."""
        while self.stages_left:
            self.stages_left -= 1
            self.part("finish_stage", which=which, words=self.pick(texts.STARTED))

    def check(self, *, cleared: bool) -> None:
        """Let another person see it on the spot."""
        check = cases.Check(
            visit_id=uuid.UUID(int=self.world.rng.getrandbits(128)),
            cleared=cleared,
            words="" if cleared else self.pick(texts.NOT_YET),
        )
        cases.verify_case(self.case_id, check, scope=self.who("verify"), at=self.at)

    def call(self, result: str, *, words: str = "", solved: str = "") -> None:
        """Let somebody of another unit ask by phone how it was."""
        called = cases.Called(result, "phone", solved, words)
        cases.call_back(self.case_id, called, scope=self.who("duty"), at=self.at)

    # -- stretches -----------------------------------------------------------------------------

    def set_out(self, *, helper: bool = False) -> None:
        """File and dispatch; the handling to come is aimed at the date."""
        self.later(4, 60)
        self.file()
        self.later(6, 110)
        self.aim(self.dispatch(helper=helper))

    def handle(self, until: float = 0.7) -> None:
        """Sign, begin, and report as done."""
        self.to(until * 0.15)
        for which in range(self.count_parts()):
            self.part("sign", which=which)
        if self.n % 3 == 0:
            self.to(until * 0.4)
            self.part("start", words=self.pick(texts.STARTED))
        self.to(until * 0.5)
        self.end_stages()
        self.to(until * 0.9)
        for which in range(1, self.count_parts()):
            self.feed_back(which)
        self.to(until)
        self.feed_back()

    def close(self) -> None:
        """Handle, and let it be seen on the spot."""
        self.handle()
        self.to(1.0)
        self.check(cleared=True)

    def evaluate(self) -> None:
        """Let the raiser say how it was."""
        self.later(20, 900)
        rating, solved = self.verdict()
        self.move("evaluate", self.raiser, rating=rating, solved=solved)

    def verdict(self) -> tuple[str, str]:
        """Return how satisfied somebody is, and whether it was solved."""
        rating = self.world.rng.choices(RATINGS, (58, 27, 9, 6))[0]
        weights = {
            "satisfied": (96, 4, 0),
            "fairly_satisfied": (80, 18, 2),
            "neutral": (40, 40, 20),
        }
        solved = self.world.rng.choices(
            ("solved", "partly", "not"), weights.get(rating, (10, 30, 60))
        )[0]
        return rating, solved

    def look_back(self) -> None:
        """Where its class is looked at again: go there when the day has come."""
        if not self.terms.look_back_days or self.n % 5 == 0:
            return
        self._at(self.at + timedelta(days=self.terms.look_back_days + 1))
        self.later(20, 400)
        words = self.pick(texts.STILL_GOOD)
        self.move("look_back", self.who("verify"), on_the_spot=True, words=words)
