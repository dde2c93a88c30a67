"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class StandingChanged(Fact):
    """A subject's colour or score changed."""

    name = "codes.standing_changed.v1"
    before: str
    after: str
    score: int
    decision_id: int
