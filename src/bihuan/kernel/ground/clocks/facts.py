"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class RungReached(Fact):
    """A deadline came so near, or passed by so much. `cases` knows whom to tell."""

    name = "clocks.rung_reached.v1"
    timer_id: int
    timer: str
    rung: str
    due_at: datetime
