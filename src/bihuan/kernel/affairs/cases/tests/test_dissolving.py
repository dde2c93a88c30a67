"""A unit ends with matters open: somebody goes on, the dates stay, both are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.models import Case, EntryRow, Part
from bihuan.kernel.affairs.cases.tests.worlds import (
    NINE,
    answered,
    check,
    dispatched,
    part_move,
    refused,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.kernel.ground.registry.types import UnitId
from bihuan.platform.web.errors import NotAllowed

LATER = NINE + timedelta(hours=3)
Message = apps.get_model("notices", "Notice")


def unit(cast: Cast, name: str) -> UnitId:
    """Return a unit of 海盐县."""
    return cast.unit(f"330424-{name}").id


def dissolve(cast: Cast, name: str, to: str | None, *, who: str = "system", **more: Any) -> Any:
    """Dissolve a unit by 盐编〔2026〕3号."""
    given = {"words": "盐编〔2026〕3号", "scope": cast.scope(who), "at": LATER} | more
    return cases.dissolve_unit(
        unit(cast, name), successor_id=unit(cast, to) if to else None, **given
    )


def test_with_matters_open_somebody_must_go_on(cast: Cast) -> None:
    """Refused in words that say how many; nothing is touched; the unit stands."""
    dispatched(cast)
    refused(cases.UnableToDissolve, lambda: dissolve(cast, "zongzhi", None), "open_matters")
    refused(cases.UnableToDissolve, lambda: dissolve(cast, "zongzhi", "zongzhi"))
    refused(cases.UnableToDissolve, lambda: dissolve(cast, "zongzhi", "water", words=" "))
    for who in ("duty", "mei", "zongzhi"):
        refused(NotAllowed, lambda who=who: dissolve(cast, "zongzhi", "water", who=who))
    assert unit(cast, "zongzhi") in {u.id for u in registry.list_units()}


def test_open_parts_go_over_with_their_dates_and_closed_ones_stay(cast: Cast) -> None:
    """The successor handles; what ended keeps the name of who did it."""
    one, (open_part,) = dispatched(cast)
    part_move(open_part, "sign", cast)
    ended, (closed_part,) = answered(cast)
    check(ended.case_id, cast, at=NINE + timedelta(hours=2))
    before = Part.objects.get(pk=open_part)
    (held,) = cases.list_held(unit(cast, "zongzhi"), scope=cast.scope("system"))
    assert (held.number, held.due_at) == (one.number, before.due_at)
    assert dissolve(cast, "zongzhi", "fire") == cases.HandedOn(parts=1, joined=0)
    after = Part.objects.get(pk=open_part)
    assert after.unit_id == unit(cast, "fire")
    assert (after.due_at, after.state, after.timer_id) == (
        before.due_at,
        before.state,
        before.timer_id,
    )
    assert Part.objects.get(pk=closed_part).unit_id == unit(cast, "zongzhi")
    assert Case.objects.get(pk=one.case_id).first_contact_id == unit(cast, "fire")
    assert EntryRow.objects.get(move="hand_on").words == "盐编〔2026〕3号"
    assert events.count_facts(name="cases.part_handed_on.v1") == 1
    assert unit(cast, "zongzhi") not in {u.id for u in registry.list_units()}
    assert registry.list_holders(at=LATER + timedelta(days=1), unit_id=unit(cast, "zongzhi")) == ()
    part_move(open_part, "start", cast, "fire", at=LATER, words="接着办")
    refused(cases.UnableToDissolve, lambda: dissolve(cast, "fire", "zongzhi"))


@pytest.mark.parametrize(("gone", "to"), [("zongzhi", "fire"), ("fire", "zongzhi")])
def test_two_parts_of_one_matter_become_one(cast: Cast, gone: str, to: str) -> None:
    """One lead is left, at work, and the other part ends with its clock."""
    _one, (lead, helper) = dispatched(cast, "zongzhi", "fire")
    assert dissolve(cast, gone, to) == cases.HandedOn(parts=1, joined=1)
    assert list(Part.objects.order_by("pk").values_list("pk", "unit_id", "state")) == [
        (lead, unit(cast, to), "dispatched"),
        (helper, unit(cast, "fire"), "withdrawn"),
    ]
    timers = apps.get_model("clocks", "TimerRow").objects.filter(subject_kind="cases.part")
    stopped = dict(timers.values_list("subject_key", "stopped_at"))
    assert (stopped[str(lead)], stopped[str(helper)]) == (None, LATER)


def test_both_units_are_told(cast: Cast) -> None:
    """One message each, with the number and both names."""
    dispatched(cast)
    dissolve(cast, "zongzhi", "fire")
    while events.deliver_pending(at=LATER):
        pass
    told = events.count_facts(name="cases.part_handed_on.v1")
    rows = Message.objects.filter(kind="cases.unit.handed_on")
    assert (told, rows.count()) == (1, 2)


def test_an_empty_unit_ends_without_a_successor_and_only_once(cast: Cast) -> None:
    """Nothing to hand on; the second time says so."""
    assert dissolve(cast, "water", None) == cases.HandedOn(parts=0, joined=0)
    with pytest.raises(registry.UnableToAddUnit):
        dissolve(cast, "water", None)
