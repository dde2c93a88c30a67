"""How an invented matter goes its way: each step in office hours, never after the world's end."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CaseId, Detail, MoveName, NewPart, PartId, Role
from bihuan.kernel.ground.registry.types import Scope
from bihuan.scenes.appeals import seed_texts as texts
from bihuan.scenes.appeals.classes import CLASSES

LINE_OF = {c.code: c.line for c in CLASSES}
RATINGS = ("satisfied", "fairly_satisfied", "neutral", "unsatisfied")
STAGES = 4
"""More than any class has: 停工, 处罚, 拆除."""
LATE = 0.06
"""Which share of matters is closed after its date."""


class NotYet(Exception):
    """The next step lies after the world's end: the matter stays where it is."""


class Walk:
    """One matter and who does what with it."""

    raiser: Scope
    n: int
    before: CaseId | None

    def __init__(
        self, world: Any, county: str, class_code: str, case_id: CaseId, at: datetime
    ) -> None:
        """Stand at the moment at which the matter was raised."""
        self.world, self.county, self.class_code = world, county, class_code
        self.case_id, self.raised, self.at = case_id, at, at
        self.parts: list[tuple[PartId, Scope]] = []
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

    def move(self, name: str, scope: Scope, **detail: Any) -> None:
        """Make one move on the matter."""
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

    def dispatch(self, line: str = "", *, helper: bool = False) -> datetime | None:
        """Give the matter to the unit of its line, perhaps with a helping one; return the date."""
        scope, unit = self.world.staff.handler(self.county, line or LINE_OF[self.class_code])
        new, hands = [NewPart(unit, Role.LEAD)], [scope]
        if helper:
            other, helps = self.world.staff.handler(self.county, "urban_management")
            if helps != unit:
                new.append(NewPart(helps, Role.CO_HANDLER, "配合现场处置"))
                hands.append(other)
        moved = cases.dispatch_case(self.case_id, parts=new, scope=self.who("dispatch"), at=self.at)
        assert moved.part_id is not None
        ids = [moved.part_id]
        if len(new) > 1:
            view = cases.get_case(self.case_id, scope=self.who("dispatch"))
            ids = [part.id for part in view.parts][-len(new) :]
        self.parts = list(zip(ids, hands, strict=True))
        return moved.due_at

    def part(self, name: str, *, which: int = 0, **detail: Any) -> None:
        """Make one move on a part."""
        part_id, scope = self.parts[which]
        cases.move_part(
            part_id, move=MoveName(name), scope=scope, at=self.at, detail=Detail(**detail)
        )

    def feed_back(self, which: int = 0) -> None:
        """Report a part as done, with a photo."""
        words = self.pick(texts.DONE[self.class_code])
        photo = self.world.photo(self.n, done=True)
        for _stage in range(STAGES):
            try:
                self.part("feed_back", which=which, words=words, photos=(photo,))
            except cases.UnableToDoAlone:
                self.part("finish_stage", which=which, words=words)
            else:
                return

    def check(self, *, cleared: bool) -> None:
        """Let another person see it on the spot."""
        check = cases.Check(
            visit_id=uuid.UUID(int=self.world.rng.getrandbits(128)),
            cleared=cleared,
            words="" if cleared else self.pick(texts.NOT_YET),
        )
        cases.verify_case(self.case_id, check, scope=self.who("verify"), at=self.at)

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
        for which in range(len(self.parts)):
            self.part("sign", which=which)
        if self.n % 3 == 0:
            self.to(until * 0.4)
            self.part("start", words=self.pick(texts.STARTED))
        self.to(until * 0.9)
        for which in range(1, len(self.parts)):
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
        rating = self.world.rng.choices(RATINGS, (62, 25, 8, 5))[0]
        self.move("evaluate", self.raiser, rating=rating)


# -- fates ----------------------------------------------------------------------------------------


def _reported(walk: Walk) -> None:
    """Nobody has looked at it yet."""


def _verifying(walk: Walk) -> None:
    walk.young()
    walk.to(0.4)
    walk.move("check_first", walk.who("accept"))


def _filed(walk: Walk) -> None:
    walk.young()
    walk.to(0.3)
    walk.file()


def _tonight(walk: Walk) -> None:
    """The hotline works at night: what is urgent is taken on at once."""
    walk.at += (walk.world.now - walk.at) / 3
    walk.file()


def _to_dispatch(walk: Walk, *, helper: bool = False) -> None:
    walk.young()
    walk.to(0.05)
    walk.file()
    walk.to(0.12)
    walk.dispatch(helper=helper)


def _dispatched(walk: Walk) -> None:
    _to_dispatch(walk)


def _signed(walk: Walk) -> None:
    _to_dispatch(walk)
    walk.to(0.4)
    walk.part("sign")


def _in_progress(walk: Walk) -> None:
    _signed(walk)
    walk.to(0.6)
    walk.part("start", words=walk.pick(texts.STARTED))


def _fed_back(walk: Walk) -> None:
    _in_progress(walk)
    walk.to(0.9)
    walk.feed_back()


def _rework(walk: Walk) -> None:
    _in_progress(walk)
    walk.to(0.7)
    walk.feed_back()
    walk.to(0.9)
    walk.check(cleared=False)


def _partly(walk: Walk) -> None:
    """The helping unit is done, the lead still at work."""
    _to_dispatch(walk, helper=True)
    walk.to(0.3)
    for which in range(len(walk.parts)):
        walk.part("sign", which=which)
    walk.to(0.7)
    for which in range(1, len(walk.parts)):
        walk.feed_back(which)


def _returned(walk: Walk) -> None:
    _to_dispatch(walk)
    walk.to(0.8)
    walk.part("return", reason=walk.pick(texts.NOT_OURS))


def _closed(walk: Walk) -> None:
    walk.set_out()
    walk.close()


def _evaluated(walk: Walk) -> None:
    _closed(walk)
    walk.evaluate()


def _reworked(walk: Walk) -> None:
    walk.set_out()
    walk.handle(0.4)
    walk.to(0.5)
    walk.check(cleared=False)
    walk.to(0.8)
    walk.feed_back()
    walk.to(1.0)
    walk.check(cleared=True)


def _redone(walk: Walk) -> None:
    _closed(walk)
    walk.later(30, 600)
    walk.move("redo", walk.raiser, words=walk.pick(texts.AGAIN))
    walk.later(10, 120)
    walk.aim(walk.dispatch())
    walk.close()
    walk.evaluate()


def _rejected(walk: Walk) -> None:
    walk.later(5, 80)
    reason, words = walk.world.rng.choice(texts.REJECTED)
    walk.move("reject", walk.who("accept"), reason=reason, words=words)


def _appealed(walk: Walk) -> None:
    _rejected(walk)
    walk.later(5, 60)
    walk.move("appeal", walk.raiser, words=walk.pick(texts.NOT_AGREED))


def _withdrawn(walk: Walk) -> None:
    walk.later(5, 80)
    walk.move("withdraw", walk.raiser, words=walk.pick(texts.TAKEN_BACK))


def _voided(walk: Walk) -> None:
    walk.later(5, 80)
    walk.move("void", walk.who("duty"), reason=walk.pick(texts.ENTERED_WRONG))


def _merged(walk: Walk) -> None:
    walk.later(5, 80)
    if walk.before is None:
        walk.file()
        return
    walk.move("merge", walk.who("accept"), master_id=walk.before)


def _suspended(walk: Walk) -> None:
    walk.set_out()
    walk.to(0.1)
    walk.part("sign")
    walk.to(0.3)
    review = walk.world.now + timedelta(days=walk.world.rng.randint(2, 20))
    reason, words = walk.world.rng.choice(texts.WAITS)
    walk.move("suspend", walk.who("duty"), reason=reason, words=words, review_at=review)


def _sent_on(walk: Walk) -> None:
    """Returned with a reason, and given to another unit."""
    walk.later(4, 60)
    walk.file()
    walk.later(6, 110)
    walk.dispatch("fire" if LINE_OF[walk.class_code] != "fire" else "construction")
    walk.later(30, 200)
    walk.part("return", reason=walk.pick(texts.NOT_OURS))
    walk.later(10, 100)
    walk.aim(walk.dispatch())
    walk.close()


def _going(fate: Callable[[Walk], None]) -> Callable[[Walk], None]:
    def go(walk: Walk) -> None:
        try:
            fate(walk)
        except NotYet:
            return

    return go


FATES: Mapping[str, Callable[[Walk], None]] = {
    name: _going(fate)
    for name, fate in {
        "reported": _reported,
        "verifying": _verifying,
        "filed": _filed,
        "tonight": _tonight,
        "dispatched": _dispatched,
        "signed": _signed,
        "in_progress": _in_progress,
        "fed_back": _fed_back,
        "rework": _rework,
        "partly": _partly,
        "returned": _returned,
        "closed": _closed,
        "evaluated": _evaluated,
        "reworked": _reworked,
        "redone": _redone,
        "rejected": _rejected,
        "voided": _voided,
        "appealed": _appealed,
        "withdrawn": _withdrawn,
        "merged": _merged,
        "suspended": _suspended,
        "sent_on": _sent_on,
    }.items()
}
"""What happens to a matter, by name."""
