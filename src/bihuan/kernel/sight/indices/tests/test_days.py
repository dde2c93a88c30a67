"""Days counted from records: against another way of counting, and after late facts."""

from __future__ import annotations

import io
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Part
from bihuan.kernel.affairs.cases.types import (
    APPEAL,
    CaseId,
    Detail,
    MoveName,
    NewPart,
    PartId,
    Raise,
    Role,
)
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import AreaPath, person_ref
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.models import DayMade, DayRow
from bihuan.kernel.sight.indices.queries.days import COLUMNS
from bihuan.kernel.sight.indices.testing import on
from bihuan.kernel.sight.indices.types import FigureCode
from bihuan.platform import clock
from bihuan.platform.files import store
from bihuan.platform.web.errors import NotAllowed, NotFound

XINXING = AreaPath("3304/330424/330424005/330424005004/")
TOWN = AreaPath("3304/330424/330424005/")
COUNTY = AreaPath("3304/330424/")
NOW = on("20 09:00")
JUNE = (date(2026, 6, 1), date(2026, 6, 19))
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=on("1 08:00"))


def raised(cast: Cast, at: datetime, title: str = "路灯不亮") -> CaseId:
    scope = cast.scope("lu")
    assert scope.person_id is not None
    by = person_ref(scope.person_id)
    what = Raise(APPEAL, title, title, "street_lamp", XINXING, "phone", raised_by=by)
    return cases.open_case(what, scope=scope, at=at).case_id


def move(cast: Cast, case_id: CaseId, name: str, who: str, at: datetime, **detail: str) -> None:
    found = Detail(**detail)  # type: ignore[arg-type]
    cases.move_case(case_id, move=MoveName(name), scope=cast.scope(who), at=at, detail=found)


def dispatched(cast: Cast, at: datetime, title: str = "路灯不亮") -> tuple[CaseId, PartId]:
    case_id = raised(cast, at, title)
    move(cast, case_id, "file", "mei", at)
    lead = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    cases.dispatch_case(case_id, parts=lead, scope=cast.scope("mei"), at=at)
    return case_id, PartId(Part.objects.get(case_id=case_id).pk)


def closed(cast: Cast, at: datetime, answered: datetime) -> CaseId:
    case_id, part_id = dispatched(cast, at)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    photo = store.receive_photo(io.BytesIO(out.getvalue()), at=at)
    for name, when, detail in (
        ("sign", at + timedelta(hours=1), Detail()),
        ("feed_back", answered, Detail(words="换了灯", photos=(photo,))),
    ):
        cases.move_part(
            part_id, move=MoveName(name), scope=cast.scope("zongzhi"), at=when, detail=detail
        )
    seen = cases.Check(visit_id=uuid.uuid4(), cleared=True)
    cases.verify_case(case_id, seen, scope=cast.scope("verifier"), at=answered)
    return case_id


def world(cast: Cast) -> dict[str, CaseId]:
    """Lay a closed and reopened matter, a refused one, one that nobody answers, one in time."""
    again = closed(cast, on("1 09:00"), on("3 10:00"))
    move(cast, again, "reopen_by_centre", "duty", on("5 15:00"), words="又不亮了")
    refused = raised(cast, on("2 09:00"), "不归这里管")
    move(cast, refused, "reject", "mei", on("3 11:00"), reason="not_here")
    silent, _part = dispatched(cast, on("2 10:00"), "灯杆斜了")
    quick = closed(cast, on("11 09:00"), on("11 16:00"))
    return {"again": again, "refused": refused, "silent": silent, "quick": quick}


OTHER_WAY = """
    SELECT count(*),
           count(*) FILTER (WHERE EXISTS (
               SELECT 1 FROM clocks_timer t
               WHERE (t.subject_kind = 'cases.case' AND t.subject_key = c.id::text
                      OR t.subject_kind = 'cases.part' AND t.subject_key IN (
                          SELECT p.id::text FROM cases_part p WHERE p.case_id = c.id))
                 AND t.started_at < %(end)s AND t.due_at < %(end)s
                 AND (t.stopped_at IS NULL OR t.stopped_at >= %(end)s)))
    FROM cases_case c
    WHERE c.raised_at < %(end)s AND (
        SELECT e.move FROM cases_entry e WHERE e.case_id = c.id AND e.at < %(end)s
          AND e.move IN ('raise', 'pass', 'reject', 'reopen_by_centre')
        ORDER BY e.id DESC LIMIT 1) IN ('raise', 'reopen_by_centre')
"""
"""From histories and clocks instead of facts: open, and overdue, at a day's end."""


def other_way(day: date) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(OTHER_WAY, {"end": clock.midnight(day + timedelta(days=1))})
        found: tuple[int, int] = cursor.fetchone()
        return found


def counts(day: int, area: AreaPath = COUNTY) -> tuple[int, ...]:
    rows = DayRow.objects.filter(day=date(2026, 6, day), area_path=area)
    return next(iter(rows.values_list(*COLUMNS)), (0,) * len(COLUMNS))


def test_each_day_by_hand_and_by_another_way(cast: Cast) -> None:
    world(cast)
    indices.build_days(*JUNE, at=NOW)
    #                    open overdue raised closed back aside
    assert counts(1) == (1, 0, 1, 0, 0, 0)
    assert counts(2) == (3, 1, 2, 0, 0, 0)  # nobody took on the one of 09:00 within two hours
    assert counts(3) == (1, 0, 0, 1, 0, 1)
    assert counts(5)[:1] + counts(5)[2:] == (2, 0, 0, 1, 0)
    assert counts(11)[2:] == (1, 1, 0, 0)
    for day in range(1, 20):
        assert counts(day)[:2] == other_way(date(2026, 6, day)), day
    assert counts(12)[1] == 2  # the reopened one and the silent one
    assert {counts(3), counts(3, TOWN), counts(3, XINXING)} == {counts(3)}


def test_what_stood_is_what_stood_before_and_came_and_went(cast: Cast) -> None:
    world(cast)
    indices.build_days(*JUNE, at=NOW)
    before = 0
    for day in range(1, 20):
        open_, _overdue, in_, closed_, back, aside = counts(day)
        assert open_ == before + in_ + back - closed_ - aside
        before = open_


def test_live_equals_the_evening(cast: Cast) -> None:
    world(cast)
    indices.build_days(*JUNE, at=NOW)
    scope = cast.scope("leader")
    last = indices.get_standing(COUNTY, scope=scope, at=NOW, day=JUNE[1])
    live = indices.get_standing(COUNTY, scope=scope, at=NOW)
    assert (last.own.open, last.own.overdue) == (live.own.open, live.own.overdue) == (2, 2)
    assert [(a.name, a.open) for a in live.below if a.open] == [("望海街道", 2)]
    tile = indices.get_value(FigureCode("overdue_open"), scope=scope, at=NOW, area=COUNTY)
    assert tile.value == live.own.overdue


def test_the_rows_behind_a_day(cast: Cast) -> None:
    made = world(cast)
    indices.build_days(*JUNE, at=NOW)
    scope = cast.scope("leader")
    for day in range(1, 20):
        for n, what in enumerate(COLUMNS):
            rows = indices.list_day_rows(
                what, area=TOWN, day=date(2026, 6, day), scope=scope, at=NOW
            )
            assert len(rows) == counts(day, TOWN)[n], (day, what)
    (row,) = indices.list_day_rows("back", area=TOWN, day=date(2026, 6, 5), scope=scope, at=NOW)
    assert (row.case_id, row.state) == (made["again"], "filed")


def test_a_late_fact_counts_its_days_again(cast: Cast) -> None:
    world(cast)
    assert indices.keep_days(at=NOW) == (date(2026, 2, 20), date(2026, 6, 19))
    raised(cast, on("8 09:00"), "才录进来的")
    later = on("21 00:20")
    first, last = indices.keep_days(at=later) or (None, None)
    assert first is not None and first <= date(2026, 6, 8) and last == date(2026, 6, 20)
    assert counts(8)[2] == 1 and counts(9)[0] == 3
    assert DayMade.objects.latest("day").day == date(2026, 6, 20)


def test_a_wrong_count_is_found_and_mended(cast: Cast) -> None:
    world(cast)
    indices.build_days(*JUNE, at=NOW)
    assert indices.check_days(*JUNE) == ()
    DayRow.objects.filter(day=date(2026, 6, 3), area_path=TOWN).update(open=7)
    DayRow.objects.filter(day=date(2026, 6, 2), area_path=COUNTY).delete()
    found = indices.check_days(*JUNE)
    assert [(day.day, area) for day, area, _kept, _made in found] == [(2, COUNTY), (3, TOWN)]
    given = ["--first", "2026-06-01", "--last", "2026-06-19"]
    with pytest.raises(CommandError, match="2 differences"):
        call_command("indices_days", *given, stdout=io.StringIO())
    call_command("indices_days", *given, "--rebuild", stdout=io.StringIO())
    call_command("indices_days", *given, stdout=io.StringIO())
    assert counts(3) == (1, 0, 0, 1, 0, 1)


def test_who_may_not(cast: Cast) -> None:
    indices.build_days(*JUNE, at=NOW)
    for act in (
        lambda scope, area: indices.get_standing(area, scope=scope, at=NOW),
        lambda scope, area: indices.list_days(area, scope=scope, at=NOW),
        lambda scope, area: indices.list_day_rows(
            "open", area=area, day=JUNE[0], scope=scope, at=NOW
        ),
    ):
        with pytest.raises(NotAllowed):
            act(cast.scope("lu"), COUNTY)
        with pytest.raises(NotFound):
            act(cast.scope("leader"), AreaPath("3304/330421/"))
    with pytest.raises(NotFound):
        indices.get_standing(COUNTY, scope=cast.scope("leader"), at=NOW, day=date(2026, 1, 1))
