"""A month's figures look at that month's matters, and count what a look at every one does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from bihuan.kernel.affairs.cases import api as cases
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
from bihuan.kernel.sight.indices import kinds
from bihuan.kernel.sight.indices.queries import counting
from bihuan.kernel.sight.indices.queries.counting import Ask
from bihuan.kernel.sight.indices.sources import MOMENTS
from bihuan.kernel.sight.indices.testing import on

XINXING = AreaPath("3304/330424/330424005/330424005004/")
CITY = ("3304/",)
HELD = {
    "raised_at": "cases_case_raised",
    "filed_at": "cases_case_filed",
    "closed_at": "cases_case_ended",
    "due_at": "cases_case_open",
    "first_dispatched_at": "cases_part_dispatched",
    "promised_at": "cases_part_promised",
    "fed_back_at": "cases_part_fed_back",
}


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast."""
    return make_cast()


def _walk(cast: Cast, day: int, steps: int) -> None:
    """Let a matter go some steps of its way, a day each, from a day of June on."""
    at = on(f"{day} 09:00")
    lu, mei, tao, zongzhi = (cast.scope(who) for who in ("lu", "mei", "tao", "zongzhi"))
    assert lu.person_id is not None
    what = Raise(APPEAL, f"灯 {day}", "", "street_lamp", XINXING, "phone",
                 raised_by=person_ref(lu.person_id))  # fmt: skip
    case: CaseId = cases.open_case(what, scope=lu, at=at).case_id
    parts = [NewPart(cast.unit("330424-zongzhi").id, Role.LEAD)]
    given: list[PartId] = []

    def dispatch(at: Any) -> None:
        given.append(PartId(cases.dispatch_case(case, parts=parts, scope=mei, at=at).part_id or 0))

    acts = (
        lambda at: cases.move_case(case, move=MoveName("file"), scope=tao, at=at),
        dispatch,
        lambda at: cases.move_part(given[0], move=MoveName("sign"), scope=zongzhi, at=at),
        lambda at: cases.move_part(
            given[0], move=MoveName("start"), scope=zongzhi, at=at, detail=Detail(words="去了")
        ),
    )
    for n, act in enumerate(acts[:steps], 1):
        act(at + timedelta(hours=n))


@pytest.mark.django_db
def test_every_figure_of_every_month_is_the_same_either_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, steps in ((1, 4), (5, 3), (12, 2), (24, 1), (26, 4), (29, 2)):
        _walk(cast, day, steps)
    case = apps.get_model("cases", "Case")
    late = case.objects.order_by("pk").last()
    case.objects.filter(pk=late.pk).update(closed_at=on("30 10:00"), state="closed")
    asks = [
        Ask(f"{figure.code}/{month:%m}/{day}", figure, on(f"{day} 18:00"), month)
        for figure in kinds.all_figures()
        if not figure.lacks
        for month in (date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1))
        for day in (2, 24, 30)
    ]
    for few in (asks, *([ask] for ask in asks)):
        narrow = {key: (t.fates, t.median) for key, t in counting.tally(few, CITY).items()}
        with monkeypatch.context() as patch:
            patch.setattr(counting, "near", lambda asks: "TRUE")
            whole = {key: (t.fates, t.median) for key, t in counting.tally(few, CITY).items()}
        assert narrow == whole
        if few is asks:
            assert len(whole) > 20, "else this shows nothing"


@pytest.mark.django_db
@pytest.mark.parametrize("moment", sorted(MOMENTS))
def test_each_moment_is_held_by_an_index(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT case_id FROM cases_dated_v WHERE what = %s AND at >= %s AND at < %s",
            [moment, on("1"), on("2")],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert HELD[moment] in plan, plan
    assert "Append" not in plan, "the other moments are looked at too"


@pytest.mark.django_db
def test_what_no_index_knows_is_looked_for_everywhere() -> None:
    figure = kinds.get_figure(next(f.code for f in kinds.all_figures() if f.relation == "matters"))
    ask = Ask("a", replace(figure, dated_by="checked_at"), on("2"), date(2026, 6, 1))
    assert counting.near([ask]) == "TRUE"
