"""What a move does to the clocks, and the colour moments that lists sort by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.lifecycle import DISPOSE
from bihuan.kernel.affairs.cases.models import Case, Dated, Part
from bihuan.kernel.affairs.cases.operations.locking import Locked
from bihuan.kernel.affairs.cases.policies import terms_of
from bihuan.kernel.affairs.cases.rules import AT_WORK
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    Clock,
    ClockEffect,
    Detail,
    KindCode,
    PartId,
    case_ref,
    part_ref,
)
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Budget, Timer, TimerId, Unit
from bihuan.kernel.ground.events.types import Origin, Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock as wall_clock
from bihuan.platform.database.together import Writing


def budget_for(case: Case, clock_name: str, at: datetime, *, stage: int = 1) -> Budget:
    """Return the budget of a clock: for disposal that of the class's stage, else of the room.

    The limit is the one in force on the day on which the matter was raised.
    """
    if clock_name == DISPOSE:
        return budget_of_stage(case, stage)
    life = kinds.get_kind(KindCode(case.kind)).life
    code = next(d.standard for d in life.deadlines if d.name == clock_name)
    return Budget.from_value(_standard(case, (code,)))


def budget_of_stage(case: Case, stage: int) -> Budget:
    """Return the limit of one timed stage of a matter, by the rules it was raised under.

    A matter raised before classes had terms takes the rule that was in force on its day.
    """
    stages = terms_of(case).stages
    if stages:
        found = stages[min(stage, len(stages)) - 1]
        return Budget(found.amount, Unit(found.unit))
    return Budget.from_value(
        _standard(case, (f"cases.limit.dispose.{case.class_code}", "cases.limit.dispose"))
    )


def _standard(case: Case, codes: tuple[str, ...]) -> dict[str, Any]:
    on = wall_clock.business_date(case.raised_at)
    found = standards.get_first(codes, on=on, county=case.area_path[5:11] or None)
    value: dict[str, Any] = found.value
    return value


def moment_after(case: Case, code: str, at: datetime) -> datetime:
    """Return when a span that begins at `at` ends, by a dated rule, on the working calendar."""
    budget = Budget.from_value(_standard(case, (code,)))
    return clocks.due_for(budget, at, clocks.get_calendar()).at


def days_after(days: int, at: datetime) -> datetime:
    """Return the end of the calendar day that lies `days` after `at`."""
    return clocks.due_for(Budget(days, Unit.DAYS), at, clocks.get_calendar()).at


def start(
    row: Case | Part,
    case: Case,
    clock_name: str,
    *,
    origin: Origin,
    at: datetime,
    ending: list[TimerId] | None = None,
) -> None:
    """Start a clock of a matter or a part; the row remembers its colour moments.

    The clocks of `ending` are stopped with it, and leave the list.
    """
    ends, stage = list(ending or ()), row.stage if isinstance(row, Part) else 1
    name = f"{clock_name}.{case.round_no}"
    timer = clocks.start_timer(
        subject=_subject(row),
        name=name if stage == 1 else f"{name}.{stage}",
        budget=budget_for(case, clock_name, at, stage=stage),
        at=at,
        origin=origin,
        ends=ends,
    )
    if ending:
        ending.clear()
    remember(row, timer)


def begin(
    into: Writing, row: Case | Part, clock_name: str, *, origin: Origin, at: datetime
) -> None:
    """Let the first clock of a fresh matter or part begin with the statement that writes it."""
    case = row.case if isinstance(row, Part) else row
    key, due = clocks.begin_with(
        into,
        subject=_subject(row),
        name=f"{clock_name}.{case.round_no}",
        budget=budget_for(case, clock_name, at),
        at=at,
        origin=origin,
    )
    row.timer_id = key  # type: ignore[assignment]  # the statement draws it
    row.yellow_at, row.orange_at, row.due_at = due.yellow_at, due.orange_at, due.at


def end_all(into: Writing, locked: Locked, *, origin: Origin, at: datetime) -> None:
    """Let the clocks stop that the move ends, unless the start of another one has done it."""
    clocks.end_with(into, locked.ending, at=at, origin=origin)
    locked.ending.clear()


def remember(row: Dated, timer: Timer | None) -> None:
    """Copy the colour moments of `timer` to the row that lists sort by."""
    row.timer_id = timer.id if timer else None
    row.yellow_at = timer.yellow_at if timer else None
    row.orange_at = timer.orange_at if timer else None
    row.due_at = timer.due.at if timer else None
    row.paused = bool(timer and timer.suspended)


def apply_to_case(locked: Locked, effect: ClockEffect, *, scope: Scope, at: datetime) -> None:
    """Carry out one effect on a clock of the matter itself."""
    case = locked.case
    if effect.effect == Clock.START:
        start(case, case, effect.clock, origin=scope.origin, at=at, ending=locked.ending)
    elif effect.effect == Clock.STOP and case.timer_id is not None:
        locked.ending.append(TimerId(case.timer_id))
        remember(case, None)


def apply_to_part(
    part: Part, locked: Locked, effect: ClockEffect, detail: Detail, *, scope: Scope, at: datetime
) -> None:
    """Carry out one effect on the disposal clock of a part."""
    ending = locked.ending
    if effect.effect in {Clock.START, Clock.NEXT_STAGE}:
        part.stage += effect.effect == Clock.NEXT_STAGE
        start(part, locked.case, effect.clock, origin=scope.origin, at=at, ending=ending)
    elif part.timer_id is not None and effect.effect == Clock.STOP and not part.paused:
        ending.append(TimerId(part.timer_id))
    elif part.timer_id is not None:
        turn = _TURNS[effect.effect]
        remember(part, turn(TimerId(part.timer_id), detail, scope, at))


def _stop(timer_id: TimerId, detail: Detail, scope: Scope, at: datetime) -> Timer:
    return clocks.stop_timer(timer_id, at=at, origin=scope.origin)


def _reopen(timer_id: TimerId, detail: Detail, scope: Scope, at: datetime) -> Timer:
    return clocks.reopen_timer(timer_id, at=at, origin=scope.origin)


def _pause(timer_id: TimerId, detail: Detail, scope: Scope, at: datetime) -> Timer:
    return clocks.suspend_timer(
        timer_id, reason=detail.reason, review_at=detail.review_at, at=at, origin=scope.origin
    )


def _resume(timer_id: TimerId, detail: Detail, scope: Scope, at: datetime) -> Timer:
    return clocks.resume_timer(timer_id, at=at, origin=scope.origin)


def _extend(timer_id: TimerId, detail: Detail, scope: Scope, at: datetime) -> Timer:
    unit = registry.find_unit(scope.unit_id) if scope.unit_id else None
    return clocks.extend_timer(
        timer_id,
        amount=detail.amount,
        approved_by=unit.name if unit else "",
        at=at,
        origin=scope.origin,
    )


_TURNS: dict[Clock, Callable[[TimerId, Detail, Scope, datetime], Timer]] = {
    Clock.STOP: _stop,
    Clock.REOPEN: _reopen,
    Clock.PAUSE: _pause,
    Clock.RESUME: _resume,
    Clock.EXTEND: _extend,
}


def follow_parts(case: Case, parts: list[Part]) -> None:
    """Let the matter show the earliest deadline among the parts that are still at work."""
    waiting = [p for p in parts if p.state in AT_WORK and p.due_at is not None]
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
