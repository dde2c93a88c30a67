"""A demo world that was not built to its end is told apart from one that stands."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Ref
from bihuan.kernel.ground.registry.testing import NOW, make_cast
from bihuan.kernel.stage.facts import DemoWorldStands

pytestmark = pytest.mark.django_db


def test_half_a_world_is_not_taken_for_a_whole_one(settings, capsys) -> None:
    settings.BIHUAN_DEMO = True
    make_cast(at=NOW)
    assert events.count_facts() > 0
    with pytest.raises(CommandError, match="make demo-reset"):
        call_command("demo_world")
    events.record(DemoWorldStands(Ref("stage.world", "demo")), origin=SYSTEM, at=NOW)
    before = events.count_facts()
    call_command("demo_world")
    assert "stands already" in capsys.readouterr().out
    assert events.count_facts() == before
