"""Lists: their order, their colours, how many statements they take, which index holds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, Part
from bihuan.kernel.affairs.cases.queries import lists
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    XINXING,
    closed,
    dispatched,
    move,
    part_move,
    photo,
    raise_one,
)
from bihuan.kernel.affairs.cases.types import APPEAL, CaseId, Filter, PageOf, Raise, Role, State
from bihuan.kernel.ground.registry.testing import Cast

LATE = NINE + timedelta(days=20)
"""Long after every limit."""
OTHERS = """
    SELECT i.indexrelid::regclass::text FROM pg_index i
    WHERE i.indrelid IN ('cases_case'::regclass, 'cases_part'::regclass)
    AND NOT i.indisunique AND i.indexrelid <> %s::regclass
"""
BY_HAND = """
    SELECT CASE WHEN paused THEN 'paused' WHEN due_at <= %(at)s THEN 'red'
                WHEN orange_at <= %(at)s THEN 'orange' WHEN yellow_at <= %(at)s THEN 'yellow'
                WHEN due_at IS NOT NULL THEN 'green' ELSE '' END AS colour, count(*)
    FROM cases_case GROUP BY 1
"""


def seen(cast: Cast, who: str, at: datetime = NINE, after: str = "", **wanted: Any) -> PageOf:
    """Return a page of a list."""
    return cases.list_cases(scope=cast.scope(who), wanted=Filter(**wanted), at=at, after=after)


def keys(page: PageOf) -> list[CaseId]:
    """Return what stands on a page, in order."""
    return [row.id for row in page.rows]


def suspended(cast: Cast, *units: str) -> CaseId:
    """Let a dispatched matter wait for the weather."""
    opened, parts = dispatched(cast, *units)
    part_move(parts[0], "sign", cast)
    review = NINE + timedelta(days=30)
    move(opened.case_id, "suspend", cast, "duty", reason="weather", review_at=review)
    return opened.case_id


def by_hand(at: datetime) -> dict[str, int]:
    """Return the counts by colour, each matter looked at."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"at": at})
        return {colour: count for colour, count in cursor.fetchall() if colour}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count to three, show two."""
    monkeypatch.setattr(lists, "COUNTED_TO", 3)
    monkeypatch.setattr(lists, "SEARCHED_TO", 3)
    monkeypatch.setattr(lists, "PAGE", 2)


def every_page(cast: Cast, who: str, at: datetime = NINE, **wanted: Any) -> Iterator[CaseId]:
    """Walk through a list, page after page."""
    page = seen(cast, who, at, **wanted)
    yield from keys(page)
    while page.after:
        page = seen(cast, who, at, page.after, **wanted)
        yield from keys(page)


class TestOrder:
    def test_what_waits_stands_after_what_is_overdue(self, cast: Cast) -> None:
        waiting = suspended(cast)
        overdue = dispatched(cast, at=NINE + timedelta(hours=2))[0].case_id
        running = dispatched(cast, at=LATE)[0].case_id
        done = closed(cast).case_id
        assert Case.objects.get(pk=waiting).due_at < LATE, "else this shows nothing"
        page = seen(cast, "mei", LATE)
        assert keys(page) == [overdue, running, waiting, done]
        assert dict(page.bands) == {"red": 1, "orange": 0, "yellow": 0, "green": 1, "paused": 1}
        assert keys(seen(cast, "mei", LATE, band="paused")) == [waiting]
        assert keys(seen(cast, "mei", LATE, tray="open", band="red")) == [overdue]

    def test_pages_meet_without_a_gap_in_every_part_of_the_order(
        self, cast: Cast, small: None
    ) -> None:
        for _ in range(3):
            suspended(cast)
            closed(cast)
        dispatched(cast)
        for _ in range(3):  # raised at one moment: nothing but the key tells them apart
            raise_one(cast)
        narrowings: list[dict[str, Any]] = [{}, {"text": "路灯"}, {"band": "paused"}]
        for wanted in narrowings:
            found = list(every_page(cast, "mei", LATE, **wanted))
            assert len(found) == len(set(found)) == (3 if wanted.get("band") else 10)
            whole = keys(lists_of(cast, wanted))
            assert found == whole

    def test_a_place_in_the_order_that_nobody_gave_is_left_aside(self, cast: Cast) -> None:
        key = raise_one(cast).case_id
        for after in ("", "|", "x|1", "2026-06-24|", "infinity|1"):
            assert keys(seen(cast, "mei", after=after)) == [key]


def lists_of(cast: Cast, wanted: dict[str, Any]) -> PageOf:
    """Return the same list on one page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "PAGE", 50)
        patch.setattr(lists, "SEARCHED_TO", 1000)
        return seen(cast, "mei", LATE, **wanted)


class TestOwnUnit:
    def test_the_tray_goes_by_the_deadline_of_the_own_part(self, cast: Cast) -> None:
        both, parts = dispatched(cast, "zongzhi", "fire")
        part_move(parts[0], "sign", cast)
        part_move(parts[0], "feed_back", cast, words="好了", photos=(photo(),))
        later = NINE + timedelta(days=1)
        Part.objects.filter(pk=parts[1]).update(due_at=later)
        page = seen(cast, "fire", tray="handle")
        assert [(row.id, row.due_at, row.own_role) for row in page.rows] == [
            (both.case_id, later, Role.CO_HANDLER)
        ]
        assert seen(cast, "zongzhi", tray="handle").count == 0

    def test_what_waits_is_found_at_its_end(self, cast: Cast) -> None:
        waiting = suspended(cast)
        other = dispatched(cast)[0].case_id
        page = seen(cast, "zongzhi", LATE, tray="handle")
        assert keys(page) == [other, waiting]
        assert page.rows[1].state == State.SUSPENDED
        assert keys(seen(cast, "zongzhi", LATE, tray="handle", band="paused")) == [waiting]

    def test_a_matter_stands_once_though_two_of_ones_units_work_on_it(self, cast: Cast) -> None:
        from dataclasses import replace

        opened, parts = dispatched(cast, "zongzhi", "fire")
        Part.objects.filter(pk=parts[0]).update(due_at=NINE + timedelta(days=9))
        scope = cast.scope("zongzhi")
        scope = replace(scope, unit_ids=scope.unit_ids | cast.scope("fire").unit_ids)
        page = cases.list_cases(scope=scope, wanted=Filter(tray="handle"), at=NINE)
        assert (keys(page), page.count) == ([opened.case_id], 1)
        assert page.rows[0].due_at == Part.objects.get(pk=parts[1]).due_at

    def test_words_and_kind_narrow_it(self, cast: Cast) -> None:
        lamp = dispatched(cast)[0].case_id
        dispatched(cast, title="桥头水管漏水")
        assert keys(seen(cast, "zongzhi", tray="handle", text="路灯")) == [lamp]
        assert seen(cast, "zongzhi", tray="handle", kind="hazard").count == 0
        assert seen(cast, "zongzhi", tray="handle", kind=APPEAL).count == 2


class TestCounts:
    @pytest.mark.parametrize("hours", [0, 3, 20, 30, 60, 500])
    def test_the_colours_are_those_of_every_single_matter(self, cast: Cast, hours: int) -> None:
        suspended(cast)
        closed(cast)
        for n in range(6):
            raise_one(cast, at=NINE + timedelta(hours=9 * n))
            dispatched(cast, at=NINE + timedelta(hours=9 * n))
        at = NINE + timedelta(hours=hours)
        page = seen(cast, "mei", at)
        assert {band: count for band, count in page.bands if count} == by_hand(at)
        for band, count in page.bands:
            assert seen(cast, "mei", at, band=band).count == count, band

    def test_beyond_the_limit_each_colour_says_that_there_are_more(
        self, cast: Cast, small: None
    ) -> None:
        late = NINE + timedelta(hours=200)
        for n in range(9):
            raise_one(cast, at=NINE if n < 4 else late)
        page = seen(cast, "mei", late)
        assert (page.count, page.more_than_counted) == (3, True)
        assert dict(page.bands)["red"] == 3
        assert page.more_in_bands == {"red", "orange", "yellow", "green"}
        green = seen(cast, "mei", late, band="green")
        assert (green.count, green.more_than_counted) == (3, True)
        assert seen(cast, "mei", late, band="paused").more_than_counted is False

    def test_a_colour_is_counted_by_itself_when_those_before_it_fill_the_count(
        self, cast: Cast, small: None
    ) -> None:
        """Four are orange and due before the one that is green: counting must not end there."""
        for n in range(5):
            key = raise_one(cast, at=NINE + timedelta(minutes=n)).case_id
            moments = dict.fromkeys(("yellow_at", "orange_at"), NINE)
            moments["due_at"] = NINE + timedelta(hours=n + 1)
            green = {"orange_at": NINE + timedelta(hours=4), "yellow_at": NINE + timedelta(hours=3)}
            Case.objects.filter(pk=key).update(**moments | (green if n == 4 else {}))
        at = NINE + timedelta(minutes=10)
        page = seen(cast, "mei", at, band="green")
        assert (page.count, page.more_than_counted, keys(page)) == (1, False, [key])


class TestStatements:
    """A committed number, the same at any size."""

    @pytest.mark.parametrize("rows", [2, 40])
    def test_of_a_page(self, cast: Cast, rows: int) -> None:
        many = [
            Raise(APPEAL, f"灯 {n}", "", "test_lamp", XINXING, "import", source_key=str(n))
            for n in range(rows)
        ]
        cases.open_cases(many, scope=cast.scope("tao"), at=NINE)
        dispatched(cast)
        mei, zongzhi = cast.scope("mei"), cast.scope("zongzhi")
        asked: list[tuple[dict[str, Any], int]] = [
            ({}, 2),
            ({"band": "green"}, 2),
            ({"tray": "accept"}, 2),
            ({"text": "路灯"}, 3),
            ({"text": "路灯三盏"}, 4),
            ({"text": "路灯 秦山"}, 4),
        ]
        for wanted, count in asked:
            with CaptureQueriesContext(connection) as caught:
                cases.list_cases(scope=mei, wanted=Filter(**wanted), at=NINE)
            assert len(caught) == count, (wanted, [q["sql"] for q in caught])
        with CaptureQueriesContext(connection) as caught:
            cases.list_cases(scope=zongzhi, wanted=Filter(tray="handle"), at=NINE)
        assert len(caught) == 2


class TestIndexes:
    """Which index holds a list: with all others gone, the planner finds it and sorts nothing."""

    @pytest.mark.parametrize(
        ("who", "tray", "index"),
        [
            ("mei", "accept", "cases_case_accept"),
            ("mei", "dispatch", "cases_case_dispatch"),
            ("mei", "verify", "cases_case_verify"),
            ("mei", "open", "cases_case_open"),
            ("mei", "call_back", "cases_case_call_back"),
            ("mei", "supervised", "cases_case_supervised"),
            ("mei", "", "cases_case_rank"),
            ("zongzhi", "handle", "cases_part_at_work"),
        ],
    )
    def test_counts_and_page_come_out_of_one_in_order(
        self, cast: Cast, who: str, tray: str, index: str
    ) -> None:
        scope = cast.scope(who)
        with CaptureQueriesContext(connection) as caught:
            cases.list_cases(scope=scope, wanted=Filter(tray=tray), at=NINE)
        counts, page, *_ = (q["sql"] for q in caught)
        with connection.cursor() as cursor:
            cursor.execute(OTHERS, [index])
            for (other,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {other}")
            for method in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{method} = off")
            for sql, how in ((counts, "Index Only Scan using"), (page, "using")):
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert f"{how} {index} " in plan, plan
                assert "Sort" not in plan, plan
