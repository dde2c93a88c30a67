"""The clocks of a matter, and a short way to write what a move does to them."""

from __future__ import annotations

from bihuan.kernel.affairs.cases.types import Clock, ClockEffect, State

ACCEPT, DISPATCH, DISPOSE, VERIFY = "accept", "dispatch", "dispose", "verify"
"""The four clocks of a matter: acceptance, dispatch, disposal (of each part), verification."""

BEFORE_FILING = (State.REPORTED, State.VERIFYING)
AT_WORK = (State.DISPATCHED, State.SIGNED, State.IN_PROGRESS, State.REWORK)
DONE = (State.CLOSED, State.EVALUATED)
OPEN = (
    *BEFORE_FILING,
    State.APPEALED,
    State.FILED,
    State.RETURNED,
    *AT_WORK,
    State.SUSPENDED,
    State.FED_BACK,
)


def clock(*effects: tuple[str, Clock]) -> tuple[ClockEffect, ...]:
    """Return effects on named clocks."""
    return tuple(ClockEffect(name, effect) for name, effect in effects)
