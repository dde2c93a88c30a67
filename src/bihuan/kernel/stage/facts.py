"""What the stage announces."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class DemoWorldStands(Fact):
    """The demo world was built to its end; without this fact it is half a world."""

    name = "stage.demo_world_stands.v1"
