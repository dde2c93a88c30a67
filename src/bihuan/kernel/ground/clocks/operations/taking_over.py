"""Clocks of what happened elsewhere: turned in memory by the same counting, written together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bihuan.kernel.ground.clocks import queries, rules
from bihuan.kernel.ground.clocks.models import TimerEvent, TimerRow
from bihuan.kernel.ground.clocks.types import Budget, Due, Timer, TimerId
from bihuan.kernel.ground.events.types import Origin, Ref
from bihuan.platform.database import bulk

DRAWN_AT_ONCE = 200


class Book:
    """Clocks that are started, stopped and extended in memory until `write`.

    Each act means what the operation of the same name means; a test compares both.
    """

    def __init__(self) -> None:
        """Open an empty book."""
        self._calendar = queries.get_calendar()
        self._rows: dict[int, TimerRow] = {}
        self._named: dict[tuple[str, str, str], TimerRow] = {}
        self._events: dict[int, list[TimerEvent]] = {}
        self._counted: dict[tuple[Budget, datetime], Due] = {}
        self._drawn: list[TimerRow] = []

    def start(
        self, subject: Ref, name: str, budget: Budget, *, at: datetime, origin: Origin
    ) -> Timer:
        """Start a clock; one that had stopped begins anew, one that runs goes on."""
        standing = self._named.get((subject.kind, subject.key, name))
        if standing is not None:
            if standing.stopped_at is not None:
                standing.started_at, standing.stopped_at, standing.suspended = at, None, False
                self._note(standing, "restart", at, origin)
                return self._refresh(standing)
            return queries.to_timer(standing, self._events[standing.pk])
        row, due = self._fresh(), self._due(budget, at)
        row.subject_kind, row.subject_key, row.name = subject.kind, subject.key, name
        row.amount, row.unit, row.started_at = budget.amount, budget.unit.value, at
        row.due_at, row.provisional = due.at, due.provisional
        row.yellow_at, row.orange_at = due.yellow_at, due.orange_at
        self._rows[row.pk] = self._named[subject.kind, subject.key, name] = row
        self._note(row, "start", at, origin)
        return Timer(id=TimerId(row.pk), subject=subject, name=name, due=due)

    def stop(self, timer_id: TimerId, *, at: datetime, origin: Origin) -> Timer:
        """Stop a clock: what it was for is done."""
        row = self._rows[timer_id]
        if row.stopped_at is None:
            self._note(row, "stop", at, origin)
            row.stopped_at = at
        return self._refresh(row)

    def reopen(self, timer_id: TimerId, *, at: datetime, origin: Origin) -> Timer:
        """Run a stopped clock again against its old due time."""
        row = self._rows[timer_id]
        if row.stopped_at is not None:
            self._note(row, "reopen", at, origin)
            row.stopped_at = None
        return self._refresh(row)

    def suspend(
        self,
        timer_id: TimerId,
        *,
        reason: str,
        review_at: datetime | None,
        at: datetime,
        origin: Origin,
    ) -> Timer:
        """Let a clock wait."""
        row = self._rows[timer_id]
        reason = reason.strip()[:200]
        self._note(row, "suspend", at, origin, reason=reason, review_at=review_at)
        row.suspended = True
        return self._refresh(row)

    def resume(self, timer_id: TimerId, *, at: datetime, origin: Origin) -> Timer:
        """Let a waiting clock run on."""
        row = self._rows[timer_id]
        self._note(row, "resume", at, origin)
        row.suspended = False
        return self._refresh(row)

    def extend(
        self, timer_id: TimerId, *, amount: int, approved_by: str, at: datetime, origin: Origin
    ) -> Timer:
        """Add to the budget of a clock, with who allowed it."""
        row = self._rows[timer_id]
        self._note(row, "extend", at, origin, amount=amount, reason=approved_by[:200])
        row.amount += amount
        return self._refresh(row)

    def drop(self, kept: Callable[[Ref], bool]) -> None:
        """Forget the clocks of subjects that are not `kept`: their history was refused."""
        for pk, row in list(self._rows.items()):
            if not kept(Ref(row.subject_kind, row.subject_key)):
                del self._rows[pk], self._events[pk]

    def write(self) -> None:
        """Write all clocks with their events, in two statements."""
        bulk.insert_rows(list(self._rows.values()))
        bulk.insert_rows([event for events in self._events.values() for event in events])
        self._rows, self._named, self._events = {}, {}, {}

    def _fresh(self) -> TimerRow:
        if not self._drawn:
            self._drawn = [TimerRow() for _ in range(DRAWN_AT_ONCE)]
            bulk.give_keys(self._drawn)
            self._drawn.reverse()
        return self._drawn.pop()

    def _due(self, budget: Budget, at: datetime) -> Due:
        key = (budget, at)
        if key not in self._counted:
            self._counted[key] = rules.due_for(budget, at, self._calendar)
        return self._counted[key]

    def _note(self, row: TimerRow, what: str, at: datetime, origin: Origin, **more: Any) -> None:
        event = TimerEvent(timer=row, what=what, at=at, account_id=origin.account_id, **more)
        self._events.setdefault(row.pk, []).append(event)

    def _refresh(self, row: TimerRow) -> Timer:
        timer = queries.to_timer(row, self._events[row.pk])
        row.due_at, row.provisional = timer.due.at, timer.due.provisional
        row.yellow_at, row.orange_at = timer.due.yellow_at, timer.due.orange_at
        return timer
