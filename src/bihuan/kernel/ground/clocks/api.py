"""The door of clocks."""

from bihuan.kernel.ground.clocks.operations import (
    UnableToTurnClock,
    end_timers,
    extend_timer,
    fire_due_rungs,
    recompute_provisional,
    reopen_timer,
    resume_timer,
    start_each,
    start_timer,
    start_timers,
    stop_timer,
    suspend_timer,
)
from bihuan.kernel.ground.clocks.queries import get_calendar, get_timer, list_timers
from bihuan.kernel.ground.clocks.rules import UnableToCount, band_at, due_for, left_at

__all__ = [
    "UnableToCount",
    "UnableToTurnClock",
    "band_at",
    "due_for",
    "end_timers",
    "extend_timer",
    "fire_due_rungs",
    "get_calendar",
    "get_timer",
    "left_at",
    "list_timers",
    "recompute_provisional",
    "reopen_timer",
    "resume_timer",
    "start_each",
    "start_timer",
    "start_timers",
    "stop_timer",
    "suspend_timer",
]
