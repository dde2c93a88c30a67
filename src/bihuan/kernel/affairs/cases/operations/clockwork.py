"""What a move does to the clocks, and the colour moments that lists sort by."""

from __future__ import annotations

from datetime import datetime

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.lifecycle import DISPOSE
from bihuan.kernel.affairs.cases.models import Case, Dated, Part
from bihuan.kernel.affairs.cases.rules import IN_PLAY
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    Clock,
    ClockEffect,
    Detail,
    KindCode,
    PartId,
    PartState,
    case_ref,
    part_ref,
)
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Budget, Timer, TimerId
from bihuan.kernel.ground.events.types import Origin, Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock as wall_clock

OPEN_PARTS = frozenset(IN_PLAY) - {PartState.FED_BACK, PartState.ACCEPTED}


def budget_for(case: Case, clock_name: str, at: datetime) -> Budget:
    """Return the budget of a clock: for disposal that of the matter's class, else of the stage.

    The limit is the one in force on the day on which the matter was raised.
    """
    life = kinds.get_kind(KindCode(case.kind)).life
    code = next(d.standard for d in life.deadlines if d.name == clock_name)
    wanted = (f"{code}.{case.class_code}", code) if clock_name == DISPOSE else (code,)
    on = wall_clock.business_date(case.raised_at)
    found = standards.get_first(wanted, on=on, county=case.area_path[5:11] or None)
    return Budget.from_value(found.value)


def start(row: Case | Part, case: Case, clock_name: str, *, origin: Origin, at: datetime) -> None:
    """Start a clock of a matter or a part; the row remembers its colour moments."""
    timer = clocks.start_timer(
        subject=_subject(row),
        name=f"{clock_name}.{case.round_no}",
        budget=budget_for(case, clock_name, at),
        at=at,
        origin=origin,
    )
    remember(row, timer)


def remember(row: Dated, timer: Timer | None) -> None:
    """Copy the colour moments of `timer` to the row that lists sort by."""
    row.timer_id = timer.id if timer else None
    row.yellow_at = timer.yellow_at if timer else None
    row.orange_at = timer.orange_at if timer else None
    row.due_at = timer.due.at if timer else None
    row.paused = bool(timer and timer.suspended)


def apply_to_case(case: Case, effect: ClockEffect, *, scope: Scope, at: datetime) -> None:
    """Carry out one effect on a clock of the matter itself."""
    if effect.effect == Clock.START:
        start(case, case, effect.clock, origin=scope.origin, at=at)
    elif effect.effect == Clock.STOP and case.timer_id is not None:
        clocks.stop_timer(TimerId(case.timer_id), at=at, origin=scope.origin)
        remember(case, None)


def apply_to_part(
    part: Part, case: Case, effect: ClockEffect, detail: Detail, *, scope: Scope, at: datetime
) -> None:
    """Carry out one effect on the disposal clock of a part."""
    if effect.effect == Clock.START:
        start(part, case, effect.clock, origin=scope.origin, at=at)
        return
    if part.timer_id is None:
        return
    timer_id = TimerId(part.timer_id)
    if effect.effect == Clock.STOP:
        timer = clocks.stop_timer(timer_id, at=at, origin=scope.origin)
    elif effect.effect == Clock.REOPEN:
        timer = clocks.reopen_timer(timer_id, at=at, origin=scope.origin)
    elif effect.effect == Clock.PAUSE:
        timer = clocks.suspend_timer(
            timer_id, reason=detail.reason, review_at=detail.review_at, at=at, origin=scope.origin
        )
    else:
        timer = clocks.resume_timer(timer_id, at=at, origin=scope.origin)
    remember(part, timer)


def follow_parts(case: Case, parts: list[Part]) -> None:
    """Let the matter show the earliest deadline among the parts that are still at work."""
    waiting = [p for p in parts if p.state in OPEN_PARTS and p.due_at is not None]
    if not waiting:
        return
    first = min(waiting, key=_due)
    case.timer_id, case.due_at, case.paused = first.timer_id, first.due_at, first.paused
    case.yellow_at, case.orange_at = first.yellow_at, first.orange_at


def _due(part: Part) -> datetime:
    assert part.due_at is not None
    return part.due_at


def _subject(row: Case | Part) -> Ref:
    if isinstance(row, Part):
        return part_ref(PartId(row.pk))
    return case_ref(CaseId(row.pk))
