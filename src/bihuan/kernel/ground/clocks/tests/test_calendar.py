"""The yearly notice: refused row by row, entered once, corrected only for days to come, missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.models import TimerRow
from bihuan.kernel.ground.clocks.types import MANAGE_CALENDAR, Budget, Unit, YearNotice
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform.clock import CHINA
from bihuan.platform.web.errors import NotAllowed

ROWS = """日期,安排,节日
2027-01-01,放假,元旦
2027-01-02,放假,元旦
2027-01-03,放假,元旦
2027-01-04,放假,元旦
2027-01-09,上班,
"""


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Let no rule that a test took back stay in the process."""
    standards.forget()
    yield
    standards.forget()


BEFORE = _at("2026-12-30T10:00")


def notice(rows: str = ROWS, *, source: str = "test notice") -> YearNotice:
    days, faults = clocks.read_notice(rows, year=2027)
    assert faults == ()
    return YearNotice(2027, source, days)


def load(given: YearNotice, at: datetime = BEFORE):
    scope = registry.system_scope("test", (MANAGE_CALENDAR,))
    return clocks.load_notice(given, scope=scope, at=at)


def start(key: str = "1") -> None:
    clocks.start_timer(
        subject=Ref("test.lamp", key),
        name="dispose",
        budget=Budget(5, Unit.WORK_DAYS),
        at=BEFORE,
        origin=SYSTEM,
    )


class TestReading:
    @pytest.mark.parametrize(
        ("rows", "faults"),
        [
            ("2027-13-01,放假,元旦", [(1, "no_date")]),
            ("2026-12-31,放假,元旦", [(1, "other_year")]),
            ("2027-01-01,放假,元旦\n2027-01-01,放假,元旦", [(2, "twice")]),
            ("2027-01-01,放假,元旦\n2027-01-01,上班,", [(2, "works_anyway")]),
            ("2027-01-02,放假,元旦\n2027-01-02,上班,", [(2, "twice")]),
            ("2027-01-01,开会,元旦", [(1, "unknown_kind")]),
            ("2027-01-01,放假,", [(1, "no_name")]),
            ("2027-01-01,放假,元旦\n2027-01-06,上班,", [(2, "works_anyway")]),
            ("", [(0, "empty")]),
            ("2027-01-09,上班,", [(0, "empty")]),
        ],
    )
    def test_each_fault_has_its_row(self, rows: str, faults: list[tuple[int, str]]) -> None:
        found = clocks.read_notice(rows, year=2027)[1]
        assert [(fault.row, fault.code) for fault in found] == faults

    def test_a_spreadsheets_way_of_writing(self) -> None:
        days, faults = clocks.read_notice("\ufeffdate\tkind\tname\n2027/1/1\toff\t元旦", year=2027)
        assert faults == () or [f.code for f in faults] == ["no_date"]
        days, faults = clocks.read_notice("\ufeffdate,kind,name\n2027/01/01，放假，元旦", year=2027)
        assert (len(days), faults) == (1, ())


@pytest.mark.django_db
class TestEntering:
    def test_a_preview_writes_nothing_and_says_what_entering_does(self) -> None:
        start()
        facts = events.count_facts()
        scope = registry.system_scope("test", (MANAGE_CALENDAR,))
        seen = clocks.preview_notice(notice(), scope=scope)
        assert (events.count_facts(), TimerRow.objects.get().provisional) == (facts, True)
        assert [(s.was_at, s.due_at) for s in seen] == [
            (_at("2027-01-06T17:00"), _at("2027-01-08T17:00"))
        ]
        assert load(notice()) == seen
        row = TimerRow.objects.get()
        assert (row.due_at, row.provisional) == (_at("2027-01-08T17:00"), False)
        assert events.count_facts(name="clocks.due_moved.v1") == 1

    def test_twice_is_once(self) -> None:
        start()
        load(notice())
        facts = events.count_facts()
        assert load(notice()) == ()
        assert (events.count_facts(), len(clocks.list_notices())) == (facts, 4)

    def test_a_correction_may_change_days_to_come_only(self) -> None:
        start()
        load(notice())
        corrected = notice(ROWS + "2027-01-05,放假,元旦\n")
        assert [s.due_at for s in load(corrected)] == [_at("2027-01-09T17:00")]
        facts = events.count_facts()
        with pytest.raises(clocks.UnableToLoadNotice) as refused:
            load(notice(), at=_at("2027-01-06T09:00"))
        assert [(f.code, f.given) for f in refused.value.faults] == [("past_changed", "2027-01-05")]
        assert (events.count_facts(), len(clocks.list_notices())) == (facts, 5)

    def test_who_may_not_and_what_lacks_a_source(self) -> None:
        with pytest.raises(NotAllowed):
            clocks.load_notice(notice(), scope=registry.system_scope("test"), at=BEFORE)
        with pytest.raises(clocks.UnableToLoadNotice):
            load(notice(source=" "))
        assert len(clocks.list_notices()) == 3


@pytest.mark.django_db
class TestMissing:
    def test_from_november_on_once_a_month_until_it_is_entered(self) -> None:
        said = [
            clocks.raise_missing(at=_at(at))
            for at in (
                "2026-10-31T23:00",
                "2026-11-01T00:07",
                "2026-11-01T01:07",
                "2026-11-30T09:00",
                "2026-12-01T09:00",
            )
        ]
        assert said == [(), (2027,), (), (), (2027,)]
        assert events.count_facts(name="clocks.notice_missing.v1") == 2
        load(notice())
        assert clocks.raise_missing(at=_at("2027-01-02T09:00")) == ()


@pytest.mark.parametrize(
    "rows",
    ["2027-01-01\roff\r元旦", "2027-01-01,\0off,元旦 x", '"' + "x" * 140_000, "<script>\r\n"],
)
def test_what_is_no_table_is_a_fault_and_no_error(rows: str) -> None:
    days, faults = clocks.read_notice(rows, year=2027)
    assert faults or days
    assert all(fault.row for fault in faults)
