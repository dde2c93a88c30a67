"""Reading clocks. The calendar is kept in the process; a due date costs no statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q

from bihuan.kernel.ground.clocks import kinds, policies, rules
from bihuan.kernel.ground.clocks.models import Rung, TimerEvent, TimerRow
from bihuan.kernel.ground.clocks.types import (
    Budget,
    Calendar,
    Day,
    Due,
    Shift,
    Suspension,
    Timer,
    TimerId,
    Uncovered,
    Unit,
    YearNotice,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.ground.standards.types import Standard

CALENDAR = "clocks.calendar"

_kept: dict[tuple[int, ...], Calendar] = {}


def get_calendar() -> Calendar:
    """Return the working calendar of every notice that is loaded."""
    notices = standards.list_versions(CALENDAR)
    today = max((n.valid_from for n in notices), default=date(2020, 1, 1))
    hours = standards.get_standard("clocks.office_hours", on=today)
    bands = standards.get_standard("clocks.bands", on=today)
    key = (*(n.id for n in notices), hours.id, bands.id)
    if key not in _kept:
        _kept.clear()
        _kept[key] = rules.read_calendar([n.value for n in notices], hours.value, bands.value)
    return _kept[key]


def calendar_with(notice: YearNotice) -> Calendar:
    """Return the calendar as it would be with `notice`."""
    standing = get_calendar()
    days = {day: value for day, value in standing.days.items() if day.year != notice.year}
    days |= {day.day: Day(day.off, day.name) for day in notice.days}
    return replace(standing, days=days, years=standing.years | {notice.year})


def find_notice(year: int) -> Standard | None:
    """Return the latest version of a year's notice, or None."""
    found = [v for v in standards.list_versions(CALENDAR) if v.value["year"] == year]
    return found[-1] if found else None


def list_notices() -> tuple[Standard, ...]:
    """Return every version of every notice, the newest first."""
    return tuple(reversed(standards.list_versions(CALENDAR)))


def list_missing_years(*, at: datetime) -> tuple[int, ...]:
    """Return whose notice should be here at this time and is not."""
    today = rules.local_day(at)
    alarm = standards.get_standard("clocks.notice_alarm", on=today).value
    return rules.missing_years(get_calendar().years, today, month=alarm["month"], day=alarm["day"])


def preview_notice(notice: YearNotice, *, scope: Scope) -> tuple[Shift, ...]:
    """Return which running clocks a notice would move, from when to when; nothing is written."""
    policies.require_calendar(scope)
    calendar = calendar_with(notice)
    rows = list(TimerRow.objects.filter(stopped_at__isnull=True).order_by("due_at", "pk"))
    waits = waits_of(rows)
    return _shifts((row, due_of(row, waits.get(row.pk, ()), calendar=calendar)) for row in rows)


def preview_budgets(budgets: Mapping[TimerId, Budget], *, name: str) -> tuple[Shift, ...]:
    """Return which clocks of a name would be due at another time with another budget."""
    named = Q(name=name) | Q(name__startswith=f"{name}.")
    running = TimerRow.objects.filter(named, pk__in=budgets, stopped_at__isnull=True)
    rows = list(running.order_by("due_at", "pk"))
    waits, calendar = waits_of(rows), get_calendar()
    return _shifts(
        (
            row,
            rules.due_for(
                budgets[TimerId(row.pk)], row.started_at, calendar, waits.get(row.pk, ())
            ),
        )
        for row in rows
    )


def _shifts(pairs: Iterable[tuple[TimerRow, Due]]) -> tuple[Shift, ...]:
    return tuple(
        Shift(TimerId(row.pk), Ref(row.subject_kind, row.subject_key), row.name, row.due_at, due.at)
        for row, due in pairs
        if row.due_at != due.at
    )


def count_overdue_days(due_at: datetime, *, at: datetime) -> int:
    """Return how many working days have begun since the day on which something was due."""
    return rules.overdue_days(due_at, at, get_calendar())


def overdue_opening(due_at: datetime, days: int) -> datetime:
    """Return when a rung of being overdue by so many working days is reached."""
    return rules.overdue_opening(due_at, days, get_calendar())


def list_fired(timer_ids: Collection[TimerId]) -> dict[TimerId, tuple[tuple[str, datetime], ...]]:
    """Return which rungs of many clocks were said and when, the latest first, in one statement.

    Of rungs that fired at one moment, as after an outage, only the highest was said.
    """
    found: dict[TimerId, dict[datetime, str]] = {}
    rows = Rung.objects.filter(timer__in=timer_ids).order_by("-fired_at")
    for timer_id, rung, at in rows.values_list("timer_id", "rung", "fired_at"):
        said = found.setdefault(TimerId(timer_id), {})
        if at not in said or rules.rung_order(rung) > rules.rung_order(said[at]):
            said[at] = rung
    return {
        timer_id: tuple((rung, at) for at, rung in said.items()) for timer_id, said in found.items()
    }


def list_uncovered(*, at: datetime) -> tuple[Uncovered, ...]:
    """Return what could be forgotten: clocks for which nobody answers, and what rooms find.

    Nothing is the expected answer.
    """
    strangers = TimerRow.objects.filter(stopped_at__isnull=True).exclude(
        subject_kind__in=kinds.covered_kinds()
    )
    found = [
        Uncovered("nobody_answers", Ref(row.subject_kind, row.subject_key), note=row.name)
        for row in strangers.order_by("pk")
    ]
    for cover in kinds.all_covers():
        found += cover(at=at)
    return tuple(found)


def list_without_plan(
    subject_kinds: Collection[str], planned: Collection[str]
) -> tuple[Uncovered, ...]:
    """Return the running clocks of some subjects whose name no plan of rungs knows."""
    running = TimerRow.objects.filter(stopped_at__isnull=True, subject_kind__in=subject_kinds)
    known = Q(pk__in=[])
    for name in planned:
        known |= Q(name=name) | Q(name__startswith=f"{name}.")
    return tuple(
        Uncovered("no_rungs", Ref(row.subject_kind, row.subject_key), note=row.name)
        for row in running.exclude(known).order_by("pk")
    )


def running_among(timer_ids: Collection[TimerId]) -> frozenset[TimerId]:
    """Return which of many clocks have not stopped, in one statement."""
    rows = TimerRow.objects.filter(stopped_at__isnull=True, pk__in=timer_ids)
    return frozenset(TimerId(pk) for pk in rows.values_list("pk", flat=True))


def count_overdue_said(timer_id: TimerId, *, due_at: datetime, before: datetime) -> int:
    """Return by how many days overdue a clock was said to be before a moment; -1: never due."""
    fired = Rung.objects.filter(timer=timer_id, due_at=due_at, fired_at__lt=before)
    orders = [rules.rung_order(rung) for rung in fired.values_list("rung", flat=True)]
    return max(max(orders) - rules.rung_order("due"), -1) if orders else -1


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
    limit = next((e for e in reversed(events) if e.what == "limit"), None)
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
        was_due_at=_due_before(row, extension or limit, waits, seen_at),
        limit_by=limit.reason if limit else "",
    )


def _due_before(
    row: TimerRow, change: TimerEvent | None, waits: Sequence[Suspension], seen_at: datetime | None
) -> datetime | None:
    if change is None:
        return None
    budget = Budget(row.amount - (change.amount or 0), Unit(row.unit))
    if change.what == "limit":
        budget = Budget(change.amount or 0, Unit(change.unit))
    return rules.due_for(budget, row.started_at, get_calendar(), waits, seen_at=seen_at).at


def due_of(
    row: TimerRow,
    waits: Sequence[Suspension],
    seen_at: datetime | None = None,
    *,
    calendar: Calendar | None = None,
) -> Due:
    """Return the due time of a row."""
    budget = Budget(row.amount, Unit(row.unit))
    counted_by = calendar or get_calendar()
    return rules.due_for(budget, row.started_at, counted_by, waits, seen_at=seen_at)


def waits_of(rows: Sequence[TimerRow]) -> dict[int, list[Suspension]]:
    """Return the spans that do not count of many clocks, in one statement."""
    kept: dict[int, list[TimerEvent]] = {}
    wanted = Q(timer__in=[row.pk for row in rows], what__in=["suspend", "resume"])
    for event in TimerEvent.objects.filter(wanted).order_by("pk"):
        kept.setdefault(event.timer_id, []).append(event)
    return {timer_id: suspensions_of(events) for timer_id, events in kept.items()}


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
