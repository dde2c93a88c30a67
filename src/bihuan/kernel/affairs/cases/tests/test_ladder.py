"""Who is told at which rung, what the last one does, and that nothing is ever uncovered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import translation

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, EntryRow, Part
from bihuan.kernel.affairs.cases.queries import recipients
from bihuan.kernel.affairs.cases.queries.ladder import list_uncovered
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    XINXING,
    check,
    dispatched,
    give,
    moment,
    move,
    part_move,
    photo,
    raise_one,
)
from bihuan.kernel.affairs.cases.types import Detail, MoveName, PartId, State
from bihuan.kernel.affairs.cases.types.ladder import UNIT_HEAD, Told
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import APPOINT
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.notices.testing import all_told
from bihuan.platform.web.errors import Refused

# The matter of these tests: dispatched Wednesday 24 June 09:00, three working days,
# due Monday 29 June 17:00.
DUE = moment("2026-06-29T17:00")


def settle() -> None:
    while events.deliver_pending(at=NINE + timedelta(days=300)):
        pass
    assert events.count_deliveries(state="dead") == events.count_deliveries(state="pending") == 0


def ring(text: str) -> list[tuple[str, str]]:
    """Fire and deliver at a moment; return who was told what by that."""
    settle()
    before = len(all_told())
    clocks.fire_due_rungs(at=moment(text))
    settle()
    return [(told.kind.removeprefix("cases."), told.to_key) for told in all_told()[before:]]


def end_posts(condition: str, *given: object) -> None:
    """Let nobody hold the posts of a condition, as if they had never been given."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM registry_post WHERE {condition}", given)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Let no rule that a test took back stay in the process."""
    standards.forget()
    yield
    standards.forget()


@pytest.fixture
def who(cast: Cast) -> dict[str, str]:
    """Return those of the cast whom a ladder may tell, by name."""
    people = {name: str(m.person_id) for name, m in cast.members.items()}
    return people | {"unit": str(cast.unit("330424-zongzhi").id)}


class TestWhoIsTold:
    def test_up_the_ladder_each_once_and_no_line_of_history(
        self, cast: Cast, who: dict[str, str]
    ) -> None:
        opened, _ = dispatched(cast)
        lines = EntryRow.objects.count()
        assert ring("2026-06-25T10:00") == []
        assert ring("2026-06-26T13:00") == [("unit.half", who["unit"])]
        assert ring("2026-06-26T13:01") == []
        # No head is appointed in the unit: the leader in charge hears in his place.
        assert ring("2026-06-29T13:00") == [
            ("unit.fifth", who["unit"]),
            ("watch.fifth", who["leader"]),
        ]
        assert ring("2026-06-29T17:00") == [("unit.due", who["unit"]), ("watch.due", who["leader"])]
        assert ring("2026-06-30T08:30") == [
            ("unit.overdue", who["unit"]),
            ("watch.overdue", who["leader"]),
        ]
        # From the third working day on the one above: no main leader of the county, so the city's.
        assert ring("2026-07-02T08:30") == [
            ("unit.overdue", who["unit"]),
            ("watch.overdue", who["city"]),
        ]
        assert EntryRow.objects.count() == lines
        assert not Case.objects.get(pk=opened.case_id).supervised

    def test_the_head_of_the_unit_hears_when_there_is_one(
        self, cast: Cast, who: dict[str, str]
    ) -> None:
        end_posts("person_id = %s", cast.members["fire"].person_id)
        fire = cast.members["fire"].person_id
        registry.appoint(
            fire,
            duty=UNIT_HEAD,
            area_code="330424",
            unit_id=cast.unit("330424-zongzhi").id,
            scope=registry.system_scope("test", (APPOINT,)),
            at=NINE,
        )
        dispatched(cast)
        assert ring("2026-06-29T13:00") == [
            ("unit.fifth", who["unit"]),
            ("watch.fifth", who["fire"]),
        ]

    def test_the_last_level_supervises_once(self, cast: Cast, who: dict[str, str]) -> None:
        opened, _ = dispatched(cast)
        told = ring("2026-07-08T08:30")  # after an outage: seven working days overdue
        assert told[0] == ("unit.overdue", who["unit"])
        assert {to for _kind, to in told[1:]} == {who["leader"], who["city"], who["duty"]}
        case = Case.objects.get(pk=opened.case_id)
        assert case.supervised
        marks = EntryRow.objects.filter(case=case, move="supervise")
        assert [line.words for line in marks] == ["逾期 7 个工作日，按规定自动列入督办。"]
        ring("2026-07-09T08:30")
        assert marks.count() == 1

    def test_a_matter_without_a_unit_goes_to_the_centre_and_its_duty_officer_at_once(
        self, cast: Cast, who: dict[str, str]
    ) -> None:
        raise_one(cast)
        centre = str(cast.unit("330424-centre").id)
        assert ring("2026-06-24T10:00") == [
            ("unit.half", centre),
            ("watch.half", who["duty"]),
        ]

    def test_a_unit_in_which_nobody_is_left_is_the_duty_officers_at_once(
        self, cast: Cast, who: dict[str, str]
    ) -> None:
        dispatched(cast)
        end_posts("unit_id = %s", cast.unit("330424-zongzhi").id)
        assert ring("2026-06-26T13:00") == [("watch.half", who["duty"])]

    def test_what_went_on_meanwhile_rings_nobody(self, cast: Cast) -> None:
        _, (part,) = dispatched(cast)
        settle()
        clocks.fire_due_rungs(at=moment("2026-06-26T13:00"))
        part_move(part, "return", cast, at=NINE + timedelta(hours=2), reason="职责")
        settle()
        assert all_told("cases.unit.half") == []

    def test_an_edit_does_not_renew_the_clock(self, cast: Cast, who: dict[str, str]) -> None:
        opened, (part,) = dispatched(cast)
        part_move(part, "sign", cast)
        part_move(part, "start", cast, at=moment("2026-06-26T11:00"), words="在办")
        assert Case.objects.get(pk=opened.case_id).due_at == DUE
        assert ring("2026-06-26T13:00") == [("unit.half", who["unit"])]

    def test_nobody_at_all_is_an_error_that_stays_visible(self, cast: Cast) -> None:
        raise_one(cast)
        settle()
        end_posts("true")
        clocks.fire_due_rungs(at=moment("2026-06-24T10:00"))
        events.deliver_pending(at=NINE + timedelta(hours=2))
        assert events.count_deliveries(state="pending") == 1


class TestTheLevel:
    def test_counts_working_days(self, cast: Cast) -> None:
        codes = [
            level and level.code
            for text in ("29T16:59", "29T17:00", "30T08:30")
            for level in (cases.find_level(DUE, at=moment(f"2026-06-{text}")),)
        ]
        assert codes == [None, "under_1_day", "1_to_3_days"]
        friday = moment("2026-06-26T17:00")
        seen = cases.find_level(friday, at=moment("2026-06-28T20:00"))
        assert seen is not None and seen.code == "under_1_day"
        assert cases.find_level(DUE, at=moment("2026-07-20T09:00"), paused=True) is None


class TestUncovered:
    def test_a_world_in_order_has_none(self, cast: Cast) -> None:
        dispatched(cast)
        raise_one(cast, who=None)
        assert list_uncovered(at=NINE) == ()

    def test_each_kind_that_is_planted_is_found(self, cast: Cast) -> None:
        opened = [dispatched(cast, who=None)[0] for _ in range(4)]
        keys = [one.case_id for one in opened]
        Case.objects.filter(pk=keys[0]).update(timer_id=None)
        Part.objects.filter(case_id=keys[1]).update(timer_id=None)
        Case.objects.filter(pk=keys[2]).update(state=State.SUSPENDED, review_at=NINE)
        Case.objects.filter(pk=keys[3]).update(state=State.MERGED, master_id=keys[0])
        Case.objects.filter(pk=keys[0]).update(state=State.CLOSED, closed_at=NINE)
        lost = raise_one(cast, who=None)
        Case.objects.filter(pk=lost.case_id).update(timer_id=None)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE clocks_timer SET name = 'odd.1' "
                "WHERE subject_kind = 'cases.part' AND subject_key = %s",
                [str(Part.objects.get(case_id=keys[3]).pk)],
            )
        end_posts("duty IN ('leader', 'duty_officer')")
        found = {one.why for one in list_uncovered(at=NINE + timedelta(hours=3))}
        assert found == {
            "no_clock",
            "part_no_clock",
            "review_missed",
            "master_ended",
            "no_rungs",
            "no_leader",
            "no_duty_officer",
        }


def test_no_walk_through_the_life_leaves_a_matter_uncovered(cast: Cast) -> None:
    """Random moves with what each needs; after every one the self-check is empty."""
    dice = random.Random(20260624)
    made: set[str] = set()
    for _walk in range(4):
        at = NINE
        opened = raise_one(cast)
        for _step in range(9):
            at += timedelta(minutes=dice.randrange(5, 40))
            made |= _any_move(cast, opened.case_id, dice, at)
            assert list_uncovered(at=at) == (), made
    assert len(made) >= 8, made


def _any_move(cast: Cast, case_id: cases.CaseId, dice: random.Random, at: datetime) -> set[str]:
    """Make one of the moves that somebody of the cast is offered; return its name."""
    offers: list[tuple[str, PartId | None, str]] = []
    for who in ("tao", "mei", "duty", "zongzhi", "verifier", "lu"):
        try:
            view = cases.get_case(case_id, scope=cast.scope(who))
        except Refused:
            continue
        offers += [(name, None, who) for name in view.moves]
        offers += [(name, part.id, who) for part in view.parts for name in part.moves]
    dice.shuffle(offers)
    offers.sort(key=lambda offer: offer[0] in ENDINGS)
    for name, part_id, who in offers:
        try:
            _make(cast, case_id, name, part_id, who, at)
        except (Refused, *UnableToFinish):
            continue
        return {name}
    return set()


ENDINGS = frozenset({"void", "withdraw", "reject", "supervise", "supplement", "report_malicious"})
"""Made only when nothing else can be: a walk should go far."""
UnableToFinish = (cases.UnableToMove, cases.UnableToDispatch, cases.LackingEvidence)


def _make(
    cast: Cast, case_id: cases.CaseId, name: str, part_id: PartId | None, who: str, at: datetime
) -> None:
    if name in {"dispatch", "assign"}:
        give(case_id, cast, "zongzhi", at=at)
        return
    if name in {"pass", "fail"}:
        check(case_id, cast, cleared=name == "pass", at=at, words="看过")
        return
    detail = Detail(
        words="话",
        reason=_REASONS.get(name, "依据"),
        review_at=at + timedelta(days=3),
        amount=1,
        rating="unsatisfied",
        solved="not",
        photos=(photo(),) if name == "feed_back" else (),
    )
    scope = cast.scope(who)
    if part_id is None:
        cases.move_case(case_id, move=MoveName(name), scope=scope, at=at, detail=detail)
    else:
        cases.move_part(part_id, move=MoveName(name), scope=scope, at=at, detail=detail)


_REASONS = {"suspend": "season", "ask_suspension": "funds", "reject": "unclear"}


def test_a_notice_that_comes_late_moves_the_promise_and_tells_who_waits(
    cast: Cast, who: dict[str, str]
) -> None:
    at = moment("2026-12-30T10:00")
    opened, (part,) = dispatched(cast, at=at)
    settle()
    value = {
        "year": 2027,
        "rest": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-05"}],
        "worked": [],
    }
    given = standards.Given(
        "clocks.calendar", value, "test notice", date(2027, 1, 1), date(2028, 1, 1)
    )
    before = Case.objects.get(pk=opened.case_id).due_at
    standards.load_entries([given], brought_by="test")
    clocks.recompute_due(at=at, origin=SYSTEM)
    settle()
    case = Case.objects.get(pk=opened.case_id)
    assert (before, case.due_at) == (moment("2027-01-04T17:00"), moment("2027-01-07T17:00"))
    assert Part.objects.get(pk=part).due_at == case.due_at
    told = [t for t in all_told() if t.kind.endswith("date_moved")]
    assert [(t.kind, t.to_key) for t in told] == [
        ("cases.unit.date_moved", who["unit"]),
        ("cases.date_moved", who["lu"]),
    ]
    with translation.override("zh-hans"):
        number = case.number
        assert all_told("cases.date_moved")[0].text.startswith(
            f"放假安排已公布，{number} 的办结日期由"
        )


def test_a_level_nobody_holds_is_answered_one_above(cast: Cast, who: dict[str, str]) -> None:
    unit = cast.unit("330424-zongzhi").id

    def told(level: Told) -> list[str]:
        found = recipients.recipients(level, unit_id=unit, area_path=XINXING, at=NINE)
        return [ref.key for ref in found]

    assert told(Told.HEAD) == told(Told.LEADER) == [who["leader"]]
    end_posts("duty = 'leader'")
    assert told(Told.HEAD) == told(Told.MAIN_LEADER) == [who["duty"]]
    assert told(Told.DUTY) == [who["duty"]]
    end_posts("duty = 'duty_officer'")
    assert told(Told.HEAD) == [str(cast.unit("330424-centre").id)]


def test_a_later_rule_moves_no_matter_that_was_raised_before_it(cast: Cast) -> None:
    opened = raise_one(cast)
    given = [
        standards.Given(code, {"amount": 9, "unit": "WD"}, "test", date(2026, 6, 25))
        for code in ("cases.limit.accept", "cases.limit.dispatch")
    ]
    standards.load_entries(given, brought_by="test")
    clocks.recompute_due(at=moment("2026-06-25T08:00"))
    assert Case.objects.get(pk=opened.case_id).due_at == moment("2026-06-24T11:00")
    move(opened.case_id, "file", cast, "tao", at=moment("2026-06-25T09:00"))
    # The dispatch clock begins after the new rule, for a matter raised before it: four hours.
    assert Case.objects.get(pk=opened.case_id).due_at == moment("2026-06-25T14:30")
