"""What is taken over stands as if it had been walked here: every column, fact and clock."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.tests.worlds import NINE, XINXING, photo
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    HAZARD,
    MAY_TAKE_OVER,
    CaseId,
    Deed,
    Detail,
    Hand,
    History,
    MoveName,
    NewPart,
    PartId,
    Raise,
    Role,
    Taken,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import UnitId, person_ref
from bihuan.platform.web.errors import NotAllowed

LATER = NINE + timedelta(days=120)
TABLES = (
    "cases.Case",
    "cases.Round",
    "cases.Part",
    "cases.EntryRow",
    "cases.Application",
    "cases.CallBack",
    "clocks.TimerRow",
    "clocks.TimerEvent",
    "fieldwork.VisitRow",
    "events.FactRow",
)
KEYS = {"id", "timer_id", "subject_key", "verifies_key", "receipt_salt", "number", "recorded_at"}
"""Keys and what is drawn: they differ, and are compared by the order of their rows instead."""
MARKS = {"door", "words", "post_id"}
"""How a fact says through which door it came: this must differ."""


@dataclass(frozen=True)
class Step:
    """One step of a story: who, what, hours after nine, on whose part."""

    who: str
    move: str
    hours: float
    detail: Detail = Detail()  # noqa: RUF009  frozen
    unit: str = ""
    units: tuple[str, ...] = ()


def step(who: str, move: str, hours: float, unit: str = "", **detail: Any) -> Step:
    """Return a step of the matter, or of a unit's part."""
    return Step(who, move, hours, Detail(**detail), unit)


def give(
    hours: float, *units: str, move: str = "dispatch", who: str = "mei", **detail: Any
) -> Step:
    """Return a dispatch."""
    return Step(who, move, hours, Detail(**detail), units=units)


def done(who: str, hours: float, words: str = "办好了", move: str = "feed_back") -> Step:
    """Return an answer with a photo."""
    return step(who, move, hours, unit=who, words=words, photos=(photo(),))


def passed(hours: float) -> Step:
    """Return a check that found it done."""
    return step("verifier", "pass", hours, on_the_spot=True)


FILED = step("tao", "file", 0.5)
PLAIN = (FILED, give(1, "zongzhi"), step("zongzhi", "sign", 2, "zongzhi"))
STORIES: dict[str, Callable[[], tuple[Step, ...]]] = {
    "told only": lambda: (),
    "evaluated": lambda: (
        *PLAIN,
        step("zongzhi", "start", 3, "zongzhi", words="到场"),
        done("zongzhi", 5),
        passed(7),
        step("lu", "evaluate", 30, rating="satisfied", solved="solved", words="好"),
    ),
    "still at work": lambda: (step("tao", "check_first", 0.2), *PLAIN),
    "late, and looked at again": lambda: (
        *PLAIN,
        done("zongzhi", 200),
        step("verifier", "fail", 203, on_the_spot=True, words="没好", reason="没好"),
        done("zongzhi", 206, "真的好了"),
        passed(209),
        step("verifier", "look_back", 480, on_the_spot=True, words="还好"),
    ),
    "returned and sent on": lambda: (
        FILED,
        give(1, "fire"),
        step("fire", "return", 3, "fire", reason="三定方案第六条"),
        give(5, "zongzhi"),
        done("zongzhi", 9),
        passed(26),
    ),
    "done again after a call": lambda: (
        *PLAIN,
        done("zongzhi", 5),
        passed(7),
        step("duty", "call_back_missed", 8, channel="phone"),
        step("duty", "call_back_redo", 9, channel="phone", words="又坏了"),
        give(10, "zongzhi"),
        done("zongzhi", 30),
        passed(33),
        step("duty", "call_back", 48, channel="phone", rating="satisfied", solved="solved"),
    ),
    "more time, then a wait": lambda: (
        *PLAIN,
        step("zongzhi", "ask_extension", 5, "zongzhi", amount=2, words="等料"),
        step("duty", "allow_extension", 6, "zongzhi", words="可以"),
        step("duty", "suspend", 24, reason="weather", review_at=NINE + timedelta(days=9)),
        step("duty", "resume", 72),
        done("zongzhi", 100),
        passed(102),
    ),
    "asked for and fallen": lambda: (
        *PLAIN,
        step("zongzhi", "ask_extension", 5, "zongzhi", amount=2, words="等料"),
        done("zongzhi", 6),
        passed(7),
    ),
    "found unreasonable": lambda: (
        *PLAIN,
        step("zongzhi", "ask_unreasonable", 5, reason="beyond_law", words="法律不允许"),
        step("duty", "allow_unreasonable", 8, words="已解释"),
    ),
    "two units, one answer": lambda: (
        FILED,
        give(1, "zongzhi", "fire"),
        step("zongzhi", "sign", 2, "zongzhi"),
        done("fire", 4, "消防办好"),
        done("zongzhi", 5),
        step("zongzhi", "draft_answer", 6, words="两家都办好了"),
        step("tao", "approve_answer", 7, words="两家都办好了。"),
        passed(9),
    ),
    "refused, and refused again": lambda: (
        step("tao", "reject", 1, reason="not_here", words="不在本县"),
        step("lu", "appeal", 3, words="就在本县"),
        step("mei", "uphold", 6, words="查过了"),
    ),
    "taken back": lambda: (step("lu", "withdraw", 1, words="修好了"),),
}


def walk(cast: Cast, what: Raise, story: Sequence[Step]) -> CaseId:
    """Make every step by the doors of this house."""
    case_id = cases.open_case(what, scope=cast.scope("lu"), at=NINE).case_id
    for one in story:
        _walk_one(cast, case_id, one)
    return case_id


def _walk_one(cast: Cast, case_id: CaseId, one: Step) -> None:
    scope, at = cast.scope(one.who), when(one)
    given: dict[str, Any] = {"scope": scope, "at": at}
    if one.units:
        cases.dispatch_case(case_id, parts=new_parts(cast, one), **given)
    elif one.move in {"pass", "fail"}:
        seen = cases.Check(uuid.uuid4(), one.move == "pass", one.detail.words)
        cases.verify_case(case_id, seen, **given)
    elif one.move.startswith("call_back"):
        result = {"call_back_missed": "unreached", "call_back_redo": "unsatisfied"}.get(
            one.move, one.detail.rating
        )
        called = cases.Called(result, one.detail.channel, one.detail.solved, one.detail.words)
        cases.call_back(case_id, called, **given)
    elif one.unit:
        part = last_part(case_id, unit_of(cast, one.unit))
        cases.move_part(part, move=MoveName(one.move), detail=one.detail, **given)
    else:
        cases.move_case(case_id, move=MoveName(one.move), detail=one.detail, **given)


def last_part(case_id: CaseId, unit: UnitId) -> PartId:
    """Return a unit's latest part of a matter."""
    rows = apps.get_model("cases", "Part").objects.filter(case_id=case_id, unit_id=unit)
    return PartId(rows.latest("pk").pk)


def when(one: Step) -> datetime:
    """Return the moment of a step."""
    return NINE + timedelta(hours=one.hours)


def unit_of(cast: Cast, name: str) -> UnitId:
    """Return a unit of 海盐县."""
    return cast.unit(f"330424-{name}").id


def new_parts(cast: Cast, one: Step) -> list[NewPart]:
    """Return the parts of a dispatch, the first unit leads."""
    roles = [Role.LEAD, *[Role.CO_HANDLER] * len(one.units)]
    return [NewPart(unit_of(cast, u), r) for u, r in zip(one.units, roles, strict=False)]


def hand(cast: Cast, who: str) -> Hand:
    """Return who it was, as records would name him."""
    scope = cast.scope(who)
    return Hand(scope.person_id, scope.unit_id, scope.origin.account_id)


def deed(cast: Cast, one: Step) -> Deed:
    """Return a step as the records of another house hold it: without photos."""
    detail = replace(one.detail, photos=(), on_the_spot=False)
    return Deed(
        MoveName(one.move),
        when(one),
        hand(cast, one.who),
        detail,
        part_of=unit_of(cast, one.unit) if one.unit else None,
        parts=tuple(new_parts(cast, one)) if one.units else (),
    )


def take(cast: Cast, *histories: History) -> tuple[Taken, ...]:
    """Take over by the operation."""
    scope = registry.system_scope("test", (MAY_TAKE_OVER,))
    return cases.take_over_cases(histories, scope=scope, at=LATER)


def what(cast: Cast, key: str, **more: Any) -> Raise:
    """Return a dark lamp with a number of its old system."""
    person = cast.scope("lu").person_id
    assert person is not None
    given: dict[str, Any] = {
        "kind": APPEAL,
        "title": "路灯不亮",
        "text": "秦山路路灯不亮",
        "class_code": "test_lamp",
        "area_path": XINXING,
        "source": "old_hotline",
        "source_key": key,
        "raised_by": person_ref(person),
    }
    return Raise(**(given | more))


def rows_of(table: str, before: dict[str, set[Any]]) -> list[dict[str, Any]]:
    """Return what a table gained, row by row, without keys and without the mark of the door."""
    model: type[models.Model] = apps.get_model(table)
    fresh = model._default_manager.exclude(pk__in=before[table]).order_by(*_order(table))
    found = [row for row in fresh.values() if row.get("name") != "cases.histories_taken_over.v1"]
    return [
        {k: _plain(k, v) for k, v in row.items() if k not in KEYS | MARKS and not _key(k, table)}
        for row in found
        if row.get("name") != "documents.evidence_attached.v1"
    ]


def _order(table: str) -> tuple[str, ...]:
    last = {
        "fieldwork.VisitRow": ("received_at",),
        "clocks.TimerEvent": ("at", "what", "pk"),
        "events.FactRow": ("at", "name", "pk"),
    }
    return last.get(table, ("pk",))


def _key(column: str, table: str) -> bool:
    if table in {"fieldwork.VisitRow", "events.FactRow"}:
        return False
    return column in {"case_id", "round_id", "part_id", "timer_id", "master_id"}


def _plain(column: str, value: Any) -> Any:
    if column == "payload":
        drawn = {"number", "part_id", "verifies", "evidence", "digest"}
        kept = {k: v for k, v in value.items() if k not in drawn}
        dues = {name: kept[name] for name in ("due_at", "case_due_at") if kept.get(name)}
        return kept | {name: datetime.fromisoformat(due) for name, due in dues.items()}
    return sorted(map(str, value)) if column == "hands" else value


def standing() -> dict[str, set[Any]]:
    """Return the keys of all that stands."""
    return {t: set(apps.get_model(t)._default_manager.values_list("pk", flat=True)) for t in TABLES}


@pytest.mark.parametrize("name", list(STORIES))
def test_what_is_taken_over_stands_as_if_it_had_been_walked(cast: Cast, name: str) -> None:
    """Compare every column of every table, and that the facts alone tell the difference."""
    story = STORIES[name]()
    before = standing()
    walk(cast, what(cast, "W1"), story)
    walked = {table: rows_of(table, before) for table in TABLES}
    before = standing()
    deeds = tuple(deed(cast, one) for one in story)
    (taken,) = take(cast, History(what(cast, "T1"), NINE, hand(cast, "lu"), deeds))
    assert taken.refusal == ""
    for table in TABLES:
        found = rows_of(table, before)
        for row in (*found, *walked[table]):
            row.pop("source_key", None)
        for mine, theirs in zip(found, walked[table], strict=True):
            assert {k: (v, theirs[k]) for k, v in mine.items() if v != theirs[k]} == {}, table


def test_a_hazard_keeps_its_grade(cast: Cast) -> None:
    """Its life grades it when it is signed; the record must say how."""
    hazard = what(cast, "H1", kind=HAZARD, class_code="test_exit")
    signed = step("fire", "sign", 2, "fire", grade="major")
    ungraded = step("fire", "sign", 2, "fire")
    story = [FILED, give(1, "fire")]
    good = History(hazard, NINE, Hand(), tuple(deed(cast, one) for one in (*story, signed)))
    bad = replace(
        good,
        what=replace(hazard, source_key="H2"),
        deeds=tuple(deed(cast, one) for one in (*story, ungraded)),
    )
    first, second = take(cast, good, bad)
    assert (first.refusal, second.deed) == ("", 3)
    assert second.refusal == "Grade the hazard: general or major."
    assert list(Case.objects.values_list("source_key", "grade")) == [("H1", "major")]


def test_one_that_does_not_hold_is_refused_whole_and_the_rest_is_taken(cast: Cast) -> None:
    """Say which step, in words; no clock of it is left running; the same again changes nothing."""
    ok = History(what(cast, "A"), NINE, Hand(), (deed(cast, FILED),))
    unknown_step = History(what(cast, "B"), NINE, Hand(), (deed(cast, passed(1)),))
    own_check = History(
        what(cast, "C"),
        NINE,
        Hand(),
        tuple(
            deed(cast, one)
            for one in (*PLAIN, done("zongzhi", 5), replace(passed(6), who="zongzhi"))
        ),
    )
    future = History(what(cast, "D"), LATER + timedelta(days=1))
    twice = replace(ok)
    found = take(cast, ok, unknown_step, own_check, future, twice)
    assert [(t.source_key, bool(t.refusal), t.deed) for t in found] == [
        ("A", False, 0),
        ("B", True, 1),
        ("C", True, 5),
        ("D", True, 0),
        ("A", True, 0),
    ]
    timers = apps.get_model("clocks", "TimerRow").objects.values_list("name", "stopped_at")
    assert sorted(name for name, _ in timers) == ["accept.1", "dispatch.1"]
    before = standing()
    again = take(cast, ok)
    assert (again[0].repeated, again[0].number) == (True, found[0].number)
    assert standing() == before


def test_facts_say_where_they_come_from_and_nobody_is_told(cast: Cast) -> None:
    """A message about last year's pothole helps nobody."""
    deliveries = apps.get_model("events", "Delivery").objects
    before = deliveries.count()
    story = STORIES["evaluated"]()
    take(cast, History(what(cast, "A"), NINE, Hand(), tuple(deed(cast, one) for one in story)))
    assert deliveries.count() == before
    facts = apps.get_model("events", "FactRow").objects.filter(subject_kind="cases.case")
    assert set(facts.values_list("door", "words")) == {("import", "taken over")}
    last = apps.get_model("events", "FactRow").objects.get(name="cases.histories_taken_over.v1")
    assert last.payload == {"source": "old_hotline", "count": 1}


def test_only_who_may_takes_over(cast: Cast) -> None:
    """No duty holds the power."""
    before = standing()
    with pytest.raises(NotAllowed):
        cases.take_over_cases([History(what(cast, "A"), NINE)], scope=cast.scope("duty"), at=LATER)
    assert standing() == before
