"""What becomes of an invented matter, by name: each fate is a walk along the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import Detail, MoveName
from bihuan.kernel.ground.registry.types import Scope
from bihuan.scenes.appeals import seed_texts as texts
from bihuan.scenes.appeals.seed_walks import LINE_OF, NotYet, Walk


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
    walk.look_back()


def _called(walk: Walk) -> None:
    """Somebody is called back; one in six is not reached at first."""
    _closed(walk)
    if walk.n % 6 == 0:
        walk.later(60, 500)
        walk.call("unreached")
    walk.later(60, 900)
    rating, solved = walk.verdict()
    walk.call("neutral" if rating == "unsatisfied" else rating, solved=solved)
    walk.look_back()


def _called_again(walk: Walk) -> None:
    """Not satisfied when called: done once more, and called again."""
    _closed(walk)
    walk.later(60, 900)
    walk.call("unsatisfied", words=walk.pick(texts.AGAIN))
    walk.later(10, 120)
    walk.aim(walk.dispatch())
    walk.close()
    walk.later(60, 900)
    walk.call(*walk.world.rng.choice((("satisfied",), ("fairly_satisfied",), ("unsatisfied",))))


def _extended(walk: Walk) -> None:
    """More time is asked for and given."""
    _asking(walk)
    walk.later(20, 200)
    walk.part("allow_extension", words=walk.pick(texts.MORE_TIME_GIVEN))
    walk.to(1.1)
    walk.feed_back()
    walk.to(1.3)
    walk.check(cleared=True)


def _asking(walk: Walk) -> None:
    """More time is asked for; nobody has decided."""
    walk.set_out()
    walk.to(0.1)
    walk.part("sign")
    walk.end_stages()
    walk.to(0.5)
    amount = max(1, walk.terms.stages[-1].amount // 2)
    walk.part("ask_extension", amount=amount, words=walk.pick(texts.MORE_TIME))


def _waited(walk: Walk) -> None:
    """Waits for some days, goes on, and ends well."""
    walk.set_out()
    walk.to(0.1)
    walk.part("sign")
    walk.end_stages()
    walk.to(0.3)
    reason, words = walk.world.rng.choice(texts.WAITS)
    review = walk.at + timedelta(days=walk.world.rng.randint(6, 15))
    walk.move("suspend", walk.who("duty"), reason=reason, words=words, review_at=review)
    walk.later(900, 2200)
    walk.move("resume", walk.who("duty"))
    walk.later(200, 700)
    walk.feed_back()
    walk.later(60, 300)
    walk.check(cleared=True)


def _reopened(walk: Walk) -> None:
    """Evaluated, and broken again after a week."""
    _closed(walk)
    walk.evaluate()
    walk.later(900, 3000)
    walk.move("reopen", walk.raiser, words=walk.pick(texts.AGAIN))
    walk.later(10, 120)
    walk.aim(walk.dispatch())
    walk.close()
    walk.evaluate()


def _assigned(walk: Walk) -> None:
    """Returned twice; the centre assigns it after a joint review."""
    walk.later(4, 60)
    walk.file()
    for line in ("fire", "labour"):
        walk.later(6, 110)
        walk.dispatch(line)
        walk.later(30, 200)
        walk.part("return", reason=walk.pick(texts.NOT_OURS))
    walk.later(60, 400)
    walk.aim(walk.dispatch(forced=walk.pick(texts.REVIEWED)))
    walk.close()


def _unreasonable(walk: Walk) -> None:
    """What is asked for cannot be given; the centre agrees and says why."""
    walk.set_out()
    walk.to(0.2)
    walk.part("sign")
    walk.end_stages()
    walk.to(0.6)
    reason, words, answer = walk.world.rng.choice(texts.NOT_TO_BE)
    _scope_of_lead(walk, "ask_unreasonable", reason=reason, words=words)
    walk.later(60, 400)
    walk.move("allow_unreasonable", walk.who("duty"), words=answer)


def _scope_of_lead(walk: Walk, name: str, **detail: Any) -> None:
    hands: list[tuple[Any, Scope]] = walk.parts or getattr(walk, "units", [])
    walk.move(name, hands[0][1], **detail)


def _supervised(walk: Walk) -> None:
    """A leader watches it; the unit answers, and is still at work."""
    _in_progress(walk)
    walk.to(0.7)
    walk.move("supervise", walk.who("duty"), words=walk.pick(texts.WATCHED))
    if walk.n % 2:
        walk.to(0.85)
        _scope_of_lead(walk, "answer_supervision", words=walk.pick(texts.WATCHED_ANSWER))


def _reworked(walk: Walk) -> None:
    walk.set_out()
    walk.handle(0.4)
    walk.to(0.5)
    walk.check(cleared=False)
    walk.to(0.8)
    walk.feed_back()
    walk.to(1.0)
    walk.check(cleared=True)


def _followed(walk: Walk) -> None:
    """Several people tell the same; all hear when it is done."""
    walk.set_out()
    walk.to(0.1)
    walk.part("sign")
    walk.end_stages()
    walk.to(0.3)
    for raise_another in walk.followers:
        walk.later(5, 90)
        other = raise_another(walk.at)
        cases.move_case(
            other,
            move=MoveName("merge"),
            scope=walk.who("accept"),
            at=walk.at,
            detail=Detail(master_id=walk.case_id),
        )
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
        "called": _called,
        "called_again": _called_again,
        "extended": _extended,
        "asking": _asking,
        "waited": _waited,
        "reopened": _reopened,
        "assigned": _assigned,
        "unreasonable": _unreasonable,
        "supervised": _supervised,
        "followed": _followed,
    }.items()
}
"""What happens to a matter, by name."""
