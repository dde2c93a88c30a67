"""Reading clocks. The calendar is kept in the process; a due date costs no statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bihuan.kernel.ground.clocks import rules
from bihuan.kernel.ground.clocks.models import TimerEvent, TimerRow
from bihuan.kernel.ground.clocks.types import (
    Budget,
    Calendar,
    Due,
    Suspension,
    Timer,
    TimerId,
    Unit,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.standards import api as standards

_kept: dict[tuple[int, ...], Calendar] = {}


def get_calendar() -> Calendar:
    """Return the working calendar of every notice that is loaded."""
    notices = standards.list_versions("clocks.calendar")
    today = max((n.valid_from for n in notices), default=date(2020, 1, 1))
    hours = standards.get_standard("clocks.office_hours", on=today)
    bands = standards.get_standard("clocks.bands", on=today)
    key = (*(n.id for n in notices), hours.id, bands.id)
    if key not in _kept:
        _kept.clear()
        _kept[key] = rules.read_calendar([n.value for n in notices], hours.value, bands.value)
    return _kept[key]


def get_timer(timer_id: TimerId, *, seen_at: datetime | None = None) -> Timer:
    """Return a clock with its due time and the reasons for it, from its ledger."""
    row = TimerRow.objects.get(pk=timer_id)
    return to_timer(row, list(row.events.order_by("pk")), seen_at)


def list_timers(
    subjects: Iterable[Ref], *, seen_at: datetime | None = None
) -> dict[Ref, tuple[Timer, ...]]:
    """Return the clocks of several subjects of one kind, in two statements."""
    wanted = set(subjects)
    rows = TimerRow.objects.filter(
        subject_kind__in={ref.kind for ref in wanted}, subject_key__in={ref.key for ref in wanted}
    ).order_by("pk")
    events: dict[int, list[TimerEvent]] = {}
    for event in TimerEvent.objects.filter(timer__in=[row.pk for row in rows]).order_by("pk"):
        events.setdefault(event.timer_id, []).append(event)
    found: dict[Ref, list[Timer]] = {ref: [] for ref in wanted}
    for row in rows:
        ref = Ref(row.subject_kind, row.subject_key)
        if ref in found:
            found[ref].append(to_timer(row, events.get(row.pk, []), seen_at))
    return {ref: tuple(timers) for ref, timers in found.items()}


def to_timer(row: TimerRow, events: Sequence[TimerEvent], seen_at: datetime | None = None) -> Timer:
    """Return a clock as a value; everything follows from budget and events."""
    waits = suspensions_of(events)
    last_wait = next((e for e in reversed(events) if e.what == "suspend"), None)
    extension = next((e for e in reversed(events) if e.what == "extend"), None)
    return Timer(
        id=TimerId(row.pk),
        subject=Ref(row.subject_kind, row.subject_key),
        name=row.name,
        due=due_of(row, waits, seen_at),
        suspended=row.suspended,
        suspended_reason=last_wait.reason if row.suspended and last_wait else "",
        review_at=last_wait.review_at if row.suspended and last_wait else None,
        stopped_at=row.stopped_at,
        extended_by=extension.reason if extension else "",
    )


def due_of(row: TimerRow, waits: Sequence[Suspension], seen_at: datetime | None = None) -> Due:
    """Return the due time of a row."""
    budget = Budget(row.amount, Unit(row.unit))
    return rules.due_for(budget, row.started_at, get_calendar(), waits, seen_at=seen_at)


def suspensions_of(events: Sequence[TimerEvent]) -> list[Suspension]:
    """Return the spans that do not count, from the ledger."""
    spans: list[Suspension] = []
    for event in events:
        if event.what == "suspend":
            spans.append(Suspension(event.at, None, event.reason))
        elif event.what == "resume" and spans:
            open_span = spans[-1]
            spans[-1] = Suspension(open_span.since, event.at, open_span.reason)
    return spans
