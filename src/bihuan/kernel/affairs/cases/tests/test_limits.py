"""A new limit for open matters: asked by one, decided by another; each moved date says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, LimitWish, Part
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    answered,
    dispatched,
    give,
    moment,
    move,
    part_move,
    raise_one,
)
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks import web as clock_web
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.platform.web.errors import Conflict, NotAllowed, Refused

CODE = "cases.limit.dispose.test_lamp"
LATER = NINE + timedelta(hours=3)
FactRow = apps.get_model("events", "FactRow")


def ask(cast: Cast, *, who: str = "system", **more: Any) -> int:
    """Ask for one working day instead of three."""
    given: dict[str, Any] = {"code": CODE, "amount": 1, "unit": "WD", "source": "盐政发〔2026〕9号"}
    return cases.ask_limit(cases.NewLimit(**(given | more)), scope=cast.scope(who), at=LATER)


def decide(cast: Cast, wish: int, *, who: str = "duty", grant: bool = True) -> cases.Decided:
    """Decide it."""
    return cases.decide_limit(wish, grant=grant, scope=cast.scope(who), at=LATER)


def changes() -> list[Any]:
    """Return what moved matters, and to when."""
    facts = FactRow.objects.filter(name="cases.limit_changed.v1").order_by("pk")
    return [(fact.payload["number"], fact.payload["due_at"][:16]) for fact in facts]


def test_a_second_person_lets_it_hold_and_each_date_says_why(cast: Cast) -> None:
    """What is open moves; what is answered, extended or of another class stays."""
    one, (part,) = dispatched(cast)
    done, _ = answered(cast)
    extended, (long,) = dispatched(cast)
    part_move(long, "sign", cast)
    part_move(long, "ask_extension", cast, amount=1, words="等料")
    part_move(long, "allow_extension", cast, "duty")
    kept = {row.pk: row.due_at for row in Part.objects.exclude(pk=part)}
    shown = cases.preview_limit(
        CODE, {"amount": 1, "unit": "WD"}, scope=cast.scope("duty"), at=LATER
    )
    assert decide(cast, ask(cast)) == cases.Decided(granted=True, moved=1)
    assert [m.number for m in shown.movements] == [one.number]
    while events.deliver_pending(at=LATER):
        pass
    row = Part.objects.get(pk=part)
    assert row.due_at == moment("2026-06-25T17:00")
    assert Case.objects.get(pk=one.case_id).due_at == row.due_at
    assert {r.pk: r.due_at for r in Part.objects.exclude(pk=part)} == kept
    assert changes() == [(one.number, "2026-06-25T17:00")]
    timer = clocks.get_timer(TimerId(row.timer_id or 0))
    assert (timer.limit_by, timer.was_due_at) == ("盐政发〔2026〕9号", moment("2026-06-29T17:00"))
    with translation.override("en"):
        said = clock_web.explained(timer, now=LATER)
    assert said.why.endswith("The limit was changed for open matters too: 盐政发〔2026〕9号.")
    assert said.struck
    assert done.number != extended.number


def test_what_is_given_out_again_or_raised_later_has_the_new_limit(cast: Cast) -> None:
    """The matter remembers it; the dated rule holds from today."""
    one, (part,) = dispatched(cast)
    decide(cast, ask(cast))
    part_move(part, "return", cast, at=LATER, reason="三定方案第六条")
    (again,) = give(one.case_id, cast, "fire", at=LATER)
    assert Part.objects.get(pk=again).due_at == moment("2026-06-25T17:00")
    fresh = raise_one(cast, at=LATER)
    move(fresh.case_id, "file", cast, "tao", at=LATER)
    (first,) = give(fresh.case_id, cast, "zongzhi", at=LATER)
    assert Part.objects.get(pk=first).due_at == moment("2026-06-25T17:00")


def test_the_same_decision_again_changes_nothing(cast: Cast) -> None:
    """Twice the same is once; another decision afterwards is a conflict."""
    dispatched(cast)
    wish = ask(cast)
    decide(cast, wish)
    before = events.count_facts()
    assert decide(cast, wish) == cases.Decided(granted=True, moved=1)
    assert events.count_facts() == before
    with pytest.raises(Conflict):
        decide(cast, wish, grant=False)
    assert decide(cast, ask(cast)).moved == 0


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"code": "cases.ladder"}, Refused),
        ({"amount": 0}, Refused),
        ({"source": "  "}, Refused),
        ({"who": "duty"}, NotAllowed),
        ({"who": "lu"}, NotAllowed),
    ],
)
def test_what_does_not_hold_is_not_asked(
    cast: Cast, given: dict[str, Any], error: type[Exception]
) -> None:
    """Nothing is written."""
    before = events.count_facts()
    with pytest.raises(error):
        ask(cast, **given)
    assert (LimitWish.objects.count(), events.count_facts()) == (0, before)


def test_nobody_decides_what_he_asked_for_and_one_waits_at_a_time(cast: Cast) -> None:
    """The asker is refused, a stranger too; a refused wish moves nothing and frees the place."""
    _, (part,) = dispatched(cast)
    due = Part.objects.get(pk=part).due_at
    wish = ask(cast)
    for who in ("system", "mei", "lu"):
        with pytest.raises(NotAllowed):
            decide(cast, wish, who=who)
    with pytest.raises(cases.UnableToChangeLimit):
        ask(cast)
    shown = cases.list_limit_wishes(scope=cast.scope("duty"), at=LATER)
    assert [(w.amount, w.mine, len(w.preview.movements)) for w in shown] == [(1, False, 1)]
    assert decide(cast, wish, grant=False) == cases.Decided(granted=False, moved=0)
    assert (Part.objects.get(pk=part).due_at, changes()) == (due, [])
    assert cases.list_limit_wishes(scope=cast.scope("duty"), at=LATER) == ()
