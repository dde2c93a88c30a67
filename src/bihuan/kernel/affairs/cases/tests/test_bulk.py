"""Whatever a batch holds, it writes what one by one writes, or is refused and writes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, EntryRow, Round
from bihuan.kernel.affairs.cases.tests.test_operations import NINE
from bihuan.kernel.affairs.cases.types import APPEAL, CASE, HAZARD, Raise
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.platform.web.errors import Refused

FactRow = apps.get_model("events", "FactRow")
Delivery = apps.get_model("events", "Delivery")
TimerRow = apps.get_model("clocks", "TimerRow")
TimerEvent = apps.get_model("clocks", "TimerEvent")
"""What lower rooms write too; read here only to compare it whole."""
WRITTEN = (Case, Round, EntryRow, TimerRow, TimerEvent, FactRow, Delivery)
AREAS = ("3304/330424/330424005/330424005004/", "3304/330421/330421003/", "3304/", "9999/")
raises = st.builds(
    Raise,
    kind=st.sampled_from((APPEAL, APPEAL, HAZARD)),
    title=st.sampled_from(("灯不亮", "路不平", "门前积水", " ", "长" * 150)),
    text=st.sampled_from(("", "灯不亮，“晚上”看不清\n路\\n", "a'b\"c")),
    class_code=st.sampled_from(("test_lamp", "test_lamp", "test_lamp", "test_exit")),
    area_path=st.sampled_from(AREAS[:3] * 5 + AREAS[3:]).map(AreaPath),
    source=st.sampled_from(("hotline", "mailbox")),
    place=st.sampled_from(("", "秦山路12号")),
    longitude=st.sampled_from((None, 120.94)),
    source_key=st.sampled_from("1234567"),
    cause=st.sampled_from((None, None, None, Ref("try.thing", "1"), Ref("try.thing", "2"))),
    claimed_at=st.sampled_from((None, NINE - timedelta(hours=2))),
)
batches = st.lists(st.tuples(raises, st.integers(0, 400)), max_size=9)


class Undone(Exception):
    """Ends an attempt, so that the next one begins with the same empty tables."""


def written() -> dict[str, list[dict[str, Any]]]:
    """Return every column of every row that was written; keys count from 1 in each table."""
    ranks = {
        model: {
            pk: n for n, pk in enumerate(model.objects.order_by("pk").values_list("pk", flat=True))
        }
        for model in WRITTEN
    }
    return {
        model._meta.db_table: [
            {name: _plainly(model, row, name, ranks) for name in row}
            for row in model.objects.order_by("pk").values()
        ]
        for model in WRITTEN
    }


def _plainly(model: Any, row: dict[str, Any], name: str, ranks: dict[Any, dict[Any, int]]) -> Any:
    """Return a value without what is drawn anew each time."""
    value = row[name]
    field = next(f for f in model._meta.concrete_fields if f.attname == name)
    of = model if field.primary_key else field.related_model
    if name == "timer_id" and model is Case:
        of = TimerRow
    if of in ranks:
        return value if value is None else ranks[of][value]
    if name == "subject_key" and row["subject_kind"] == CASE:
        return ranks[Case][int(value)]
    if name == "number":  # the serial behind the county and the month
        return value[:7]
    if name == "payload":
        return value | {"number": str(value.get("number"))[:7]}
    if name in {"receipt_salt", "recorded_at"} or (model is Delivery and name == "due_at"):
        return type(value), bool(value)
    return value


def attempt(work: Any) -> tuple[Any, dict[str, list[dict[str, Any]]]]:
    """Do the work, look, and take it all back."""
    found: tuple[Any, dict[str, list[dict[str, Any]]]] = (None, {})
    try:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    answer = work()
            except Refused as refused:
                answer = (type(refused), refused.code)
            found = (answer, written())
            raise Undone
    except Undone:
        return found


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=batches, again=st.booleans())
def test_both_paths_write_the_same(cast: Cast, rows: list[tuple[Raise, int]], again: bool) -> None:
    scope = cast.scope("tao")
    batch = [what for what, _ in rows] * (2 if again else 1)
    moments = [NINE + timedelta(minutes=m) for _, m in rows] * (2 if again else 1)

    def one_by_one() -> list[Any]:
        return [
            cases.open_case(what, scope=scope, at=at)
            for what, at in zip(batch, moments, strict=True)
        ]

    def together() -> list[Any]:
        return cases.open_cases(batch, scope=scope, at=NINE, received=moments)

    singly, bulk = attempt(one_by_one), attempt(together)
    assert bulk[1] == singly[1]
    if isinstance(singly[0], tuple):
        assert isinstance(bulk[0], tuple)
        return
    kinds = [(opened.repeated, opened.state) for opened in singly[0]]
    assert [(opened.repeated, opened.state) for opened in bulk[0]] == kinds
    ranks = [sorted({o.case_id for o in done}) for done in (singly[0], bulk[0])]
    assert [ranks[1].index(o.case_id) for o in bulk[0]] == [
        ranks[0].index(o.case_id) for o in singly[0]
    ]


@pytest.mark.django_db
def test_somebody_quicker_makes_a_batch_begin_anew(cast: Cast, monkeypatch: Any) -> None:
    from bihuan.kernel.affairs.cases.operations import bulk

    what = Raise(APPEAL, "灯不亮", "灯", "test_lamp", AreaPath(AREAS[0]), "hotline", source_key="1")
    scope = cast.scope("tao")
    plain, calls = bulk._standing, []

    def blind(batch: Any) -> Any:
        calls.append(len(batch))
        if len(calls) == 1:
            cases.open_case(what, scope=scope, at=NINE)
            return bulk._Standing()
        return plain(batch)

    monkeypatch.setattr(bulk, "_standing", blind)
    # The one who was quicker is undone with the failed attempt here; what counts is the new start.
    assert [o.repeated for o in cases.open_cases([what], scope=scope, at=NINE)] == [False]
    assert (len(calls), Case.objects.count()) == (2, 1)
