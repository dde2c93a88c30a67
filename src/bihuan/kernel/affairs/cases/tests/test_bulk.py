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
from bihuan.kernel.affairs.cases.types import APPEAL, HAZARD, Raise
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.platform.web.errors import Refused

FactRow = apps.get_model("events", "FactRow")
TimerRow = apps.get_model("clocks", "TimerRow")
TimerEvent = apps.get_model("clocks", "TimerEvent")
"""What lower rooms write too; read here only to compare it whole."""
AREAS = ("3304/330424/330424005/330424005004/", "3304/330421/330421003/", "3304/", "9999/")
KEPT = "title text class_code kind state area_path place source source_key cause_kind cause_key"
KEPT_COLUMNS = (
    *KEPT.split(),
    "raised_at",
    "claimed_at",
    "due_at",
    "yellow_at",
    "orange_at",
    "paused",
)

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


def written() -> dict[str, list[Any]]:
    """Return all that was written, without keys, serials and salts."""
    order = {pk: n for n, pk in enumerate(Case.objects.order_by("pk").values_list("pk", flat=True))}
    name = {str(pk): n for pk, n in order.items()}
    facts = FactRow.objects.filter(name="cases.case_opened.v1").order_by("pk")
    return {
        "cases": list(Case.objects.order_by("pk").values_list(*KEPT_COLUMNS)),
        "prefixes": [n[:7] for n in Case.objects.order_by("pk").values_list("number", flat=True)],
        "rounds": [
            (order[c], *rest)
            for c, *rest in Round.objects.order_by("case_id").values_list(
                "case_id", "no", "opened_at", "hands", "dispatched_by"
            )
        ],
        "entries": [
            (order[c], *rest)
            for c, *rest in EntryRow.objects.order_by("case_id").values_list(
                "case_id",
                "move",
                "at",
                "claimed_at",
                "person_id",
                "account_id",
                "words",
                "reason",
                "longitude",
                "unit_id",
            )
        ],
        "timers": [
            (name[k], *rest)
            for k, *rest in TimerRow.objects.order_by("pk").values_list(
                "subject_key", "name", "amount", "unit", "started_at", "due_at", "stopped_at"
            )
        ],
        "ticks": list(TimerEvent.objects.order_by("pk").values_list("what", "at", "account_id")),
        "facts": [
            (name[f.subject_key], f.at, f.door, f.account_id, f.payload | {"number": ""})
            for f in facts
        ],
    }


def attempt(work: Any) -> tuple[Any, dict[str, list[Any]]]:
    """Do the work, look, and take it all back."""
    found: tuple[Any, dict[str, list[Any]]] = (None, {})
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
