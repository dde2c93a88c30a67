"""A small world: every state, office hours, no text twice, nothing after its end."""

from __future__ import annotations

import random

import pytest

from bihuan.kernel.affairs.cases.testing import Case, EntryRow, Part
from bihuan.kernel.affairs.cases.types import PartState, State
from bihuan.kernel.ground.registry.testing import NOW, make_cast
from bihuan.kernel.stage.seeds import World
from bihuan.kernel.stage.seeds.staffing import make_staff
from bihuan.scenes.appeals import seeds

pytestmark = pytest.mark.django_db


def test_every_state_stands_and_people_work_in_office_hours(
    monkeypatch: pytest.MonkeyPatch, settings, tmp_path
) -> None:
    settings.BIHUAN_MEDIA = tmp_path
    monkeypatch.setattr(seeds, "SHARES", (("330424", 75),))
    even = {who: tuple((name, 1) for name, _ in ends) for who, ends in seeds.ENDS.items()}
    monkeypatch.setattr(seeds, "ENDS", even)
    cast = make_cast(at=NOW)
    world = World(now=NOW, cast=cast, rng=random.Random(3), staff=make_staff(cast, at=NOW))
    seeds.seed(world)
    assert set(Case.objects.values_list("state", flat=True)) == set(State)
    reachable = set(PartState) - {PartState.WITHDRAWN}  # no move of the table leads there
    assert reachable <= set(Part.objects.values_list("state", flat=True))
    assert Case.objects.values("text").distinct().count() == Case.objects.count() == 81
    assert Case.objects.filter(round_no=2).exists()
    assert not EntryRow.objects.filter(at__gt=NOW).exists()
    signed = EntryRow.objects.filter(move="sign").values_list("at", flat=True)
    minutes = [world.office.position(at) - int(world.office.position(at)) >= 0 for at in signed]
    assert all(minutes)
    late = Case.objects.filter(state=State.IN_PROGRESS, due_at__lt=NOW).count()
    assert 1 <= late <= 6
