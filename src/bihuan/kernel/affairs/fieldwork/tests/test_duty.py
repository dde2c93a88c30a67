"""The duty of a hall: one person at a time, a log that is never changed, a hand-over to another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.models import DutyEntryRow, HandoverRow, ShiftRow
from bihuan.kernel.affairs.fieldwork.rules import holds_long_number
from bihuan.kernel.affairs.fieldwork.types import (
    EntryKind,
    Gathered,
    Handover,
    NewEntry,
    Shift,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.platform.clock import CHINA
from bihuan.platform.web.errors import NotAllowed, NotFound

FIVE = datetime(2026, 6, 24, 17, 0, tzinfo=CHINA)
DAY = date(2026, 6, 24)
CALL = NewEntry(EntryKind.CALL, "城西路水管爆裂，水务已出发", "来电人张女士 13800000000")
OPEN = (Gathered("overdue", "7", "HY1", "路灯不亮", "望海街道", FIVE - timedelta(hours=1)),)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def on_duty(cast: Cast, who: str = "duty", at: datetime = FIVE) -> Shift:
    return fieldwork.take_shift(scope=cast.scope(who), at=at)


def offered(cast: Cast, to: str = "tao") -> Handover:
    person = cast.members[to].person_id
    given = {"scope": cast.scope("duty"), "at": FIVE + timedelta(hours=6)}
    return fieldwork.offer_handover(person, "夜里还要看一眼水位", OPEN, **given)


def refused(error: type[Exception], act: Callable[[], object]) -> None:
    """Demand a refusal that changes nothing and records no fact."""

    def traces() -> tuple[object, ...]:
        tables = (ShiftRow, DutyEntryRow, HandoverRow)
        return events.count_facts(), *[sorted(t.objects.values_list()) for t in tables]

    before = traces()
    with pytest.raises(error):
        act()
    assert traces() == before


class TestTaking:
    def test_one_person_at_a_time(self, cast: Cast) -> None:
        shift = on_duty(cast)
        assert (shift.unit_name, shift.person_id) == (
            "海盐县社会治理中心",
            cast.members["duty"].person_id,
        )
        refused(fieldwork.UnableToKeepDuty, lambda: on_duty(cast))
        refused(fieldwork.UnableToKeepDuty, lambda: on_duty(cast, "tao"))
        assert fieldwork.find_shift(scope=cast.scope("tao")) == shift

    def test_with_a_reason_it_is_taken_from_who_handed_nothing(self, cast: Cast) -> None:
        on_duty(cast)
        offered(cast)
        at = FIVE + timedelta(hours=8)
        mei = fieldwork.take_shift("何明远送医", scope=cast.scope("mei"), at=at)
        assert mei.reason == "何明远送医"
        assert fieldwork.find_handover(scope=cast.scope("tao")) is None
        assert ShiftRow.objects.exclude(pk=mei.id).get().ended_at == at

    def test_who_keeps_no_duty_takes_none(self, cast: Cast) -> None:
        for who in ("zongzhi", "auditor", "lu"):
            refused(NotAllowed, lambda who=who: on_duty(cast, who))

    def test_another_hall_has_its_own(self, cast: Cast) -> None:
        on_duty(cast)
        there = on_duty(cast, "js_mei")
        assert there.unit_name == "嘉善县社会治理中心"


class TestLog:
    def test_a_day_of_the_own_areas_the_newest_first(self, cast: Cast) -> None:
        on_duty(cast)
        on_duty(cast, "js_mei")
        duty = cast.scope("duty")
        fieldwork.write_entry(CALL, scope=duty, at=FIVE)
        ordered = NewEntry(EntryKind.INSTRUCTION, "县领导要求今晚恢复供水")
        fieldwork.write_entry(ordered, scope=duty, at=FIVE + timedelta(minutes=5))
        late = NewEntry(EntryKind.NOTE, "过了零点")
        fieldwork.write_entry(late, scope=duty, at=FIVE + timedelta(hours=7))
        elsewhere = NewEntry(EntryKind.INCIDENT, "嘉善的事")
        fieldwork.write_entry(elsewhere, scope=cast.scope("js_mei"), at=FIVE)
        for who in ("duty", "tao", "leader", "auditor"):
            log = fieldwork.duty_log(scope=cast.scope(who), day=DAY)
            assert [line.kind for line in log] == ["instruction", "call"]
        assert len(fieldwork.duty_log(scope=cast.scope("city"), day=DAY)) == 3
        with pytest.raises(NotAllowed):
            fieldwork.duty_log(scope=cast.scope("zongzhi"), day=DAY)

    def test_a_mistake_is_corrected_by_another_line(self, cast: Cast) -> None:
        shift = on_duty(cast)
        duty = cast.scope("duty")
        first = fieldwork.write_entry(CALL, scope=duty, at=FIVE)
        right = NewEntry(EntryKind.CORRECTION, "是城东路，不是城西路", of=first.id)
        fieldwork.write_entry(right, scope=duty, at=FIVE + timedelta(minutes=1))
        newer, older = fieldwork.shift_log(shift.id, scope=duty)
        assert (older.words, older.corrected, newer.of) == (CALL.words, True, first.id)
        for change in (
            lambda: DutyEntryRow.objects.filter(pk=first.id).update(words="改了"),
            lambda: DutyEntryRow.objects.filter(pk=first.id).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_what_is_refused(self, cast: Cast) -> None:
        on_duty(cast)
        on_duty(cast, "js_mei")
        theirs = fieldwork.write_entry(CALL, scope=cast.scope("js_mei"), at=FIVE)
        for new in (
            NewEntry(EntryKind.NOTE, "  "),
            NewEntry(EntryKind.NOTE, "字" * 81),
            NewEntry(EntryKind.CALL, "请回电 138 0000 0000"),
            NewEntry(EntryKind.CORRECTION, "没说改哪条"),
            NewEntry(EntryKind.CORRECTION, "别处的", of=theirs.id),
        ):
            refused(
                fieldwork.UnableToKeepDuty,
                lambda new=new: fieldwork.write_entry(new, scope=cast.scope("duty"), at=FIVE),
            )
        refused(
            fieldwork.UnableToKeepDuty,
            lambda: fieldwork.write_entry(CALL, scope=cast.scope("tao"), at=FIVE),
        )

    @pytest.mark.parametrize(
        ("words", "long"),
        [("138-0013-8000", True), ("0573 8602 1234", True), ("水位 3.45 米，14:30", False)],
    )
    def test_long_numbers(self, words: str, long: bool) -> None:
        assert holds_long_number(words) is long


class TestHandingOver:
    def test_the_next_person_accepts(self, cast: Cast) -> None:
        shift = on_duty(cast)
        given = offered(cast)
        for who in ("duty", "tao", "mei"):
            assert fieldwork.find_handover(scope=cast.scope(who)) == given
        assert given.gathered == OPEN
        at = FIVE + timedelta(hours=6, minutes=10)
        mine = fieldwork.accept_handover(given.id, scope=cast.scope("tao"), at=at)
        assert (mine.person_id, mine.began_at) == (cast.members["tao"].person_id, at)
        assert ShiftRow.objects.get(pk=shift.id).ended_at == at
        assert fieldwork.find_handover(scope=cast.scope("tao")) is None
        refused(
            NotFound,
            lambda: fieldwork.accept_handover(given.id, scope=cast.scope("tao"), at=at),
        )
        assert events.count_facts(name="fieldwork.handover_ended.v1") == 1

    def test_the_next_persons_are_the_others_of_this_hall(self, cast: Cast) -> None:
        found = fieldwork.list_next(scope=cast.scope("duty"), at=FIVE)
        assert {one.person.id for one in found} == {
            cast.members[who].person_id for who in ("tao", "mei")
        }

    def test_what_is_refused(self, cast: Cast) -> None:
        refused(fieldwork.UnableToKeepDuty, lambda: offered(cast))  # not on duty
        on_duty(cast)
        for to in ("duty", "zongzhi", "js_mei"):
            refused(fieldwork.UnableToKeepDuty, lambda to=to: offered(cast, to))
        given = offered(cast)
        refused(fieldwork.UnableToKeepDuty, lambda: offered(cast, "mei"))
        for act in (fieldwork.accept_handover, fieldwork.withdraw_handover):
            refused(NotAllowed, lambda act=act: act(given.id, scope=cast.scope("mei"), at=FIVE))
            refused(NotFound, lambda act=act: act(given.id, scope=cast.scope("js_mei"), at=FIVE))

    def test_taken_back_it_may_be_offered_to_another(self, cast: Cast) -> None:
        on_duty(cast)
        first = offered(cast)
        at = FIVE + timedelta(hours=6, minutes=5)
        fieldwork.withdraw_handover(first.id, scope=cast.scope("duty"), at=at)
        second = offered(cast, "mei")
        assert fieldwork.find_handover(scope=cast.scope("mei")) == second

    def test_to_oneself_the_database_refuses_too(self, cast: Cast) -> None:
        shift = on_duty(cast)
        me = cast.members["duty"].person_id
        with pytest.raises(DatabaseError), transaction.atomic():
            HandoverRow.objects.create(
                shift_id=shift.id, by_person=me, to_person=me, offered_at=FIVE
            )
