"""The yearly notice: entering it, what it moves, and the alarm when it is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from bihuan.kernel.ground.clocks import policies, queries, rules
from bihuan.kernel.ground.clocks.facts import DueMoved, NoticeLoaded, NoticeMissing
from bihuan.kernel.ground.clocks.models import NoticeAlarm, TimerRow
from bihuan.kernel.ground.clocks.types import Due, Fault, FaultCode, Shift, TimerId, YearNotice
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Origin, Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform.web.errors import Refused

CODE = "clocks.calendar"
CACHED = ("due_at", "yellow_at", "orange_at", "provisional")


class UnableToLoadNotice(Refused):
    """The notice cannot be entered; `faults` say where and why."""

    def __init__(self, words: str, *, faults: Sequence[Fault]) -> None:
        super().__init__(words, code=faults[0].code.value)
        self.faults = tuple(faults)


@transaction.atomic
def load_notice(notice: YearNotice, *, scope: Scope, at: datetime) -> tuple[Shift, ...]:
    """Keep a year's notice as a dated standard, and move what it moves; return that.

    The same notice again changes nothing. A corrected one may change days to come only.

    Raises:
        NotAllowed: the post does not include it.
        UnableToLoadNotice: a day that has passed would change, or the source is missing.
    """
    policies.require_calendar(scope)
    faults = faults_of(notice, at=at)
    if faults:
        raise UnableToLoadNotice("The notice cannot be entered like this.", faults=faults)
    value = rules.value_of(notice.days, year=notice.year)
    standing = queries.find_notice(notice.year)
    if standing is not None and standing.value == value:
        return ()
    given = standards.Given(CODE, value, notice.source.strip(), *_holds(notice.year, at))
    standards.load_entries([given], brought_by="notice page")
    moved = recompute_due(at=at, origin=scope.origin, since=_first_changed(notice))
    fact = NoticeLoaded(
        subject=Ref(CODE, str(notice.year)),
        year=notice.year,
        standard_version=standards.list_versions(CODE)[-1].version,
        moved=len(moved),
    )
    events.record(fact, origin=scope.origin, at=at)
    return moved


def faults_of(notice: YearNotice, *, at: datetime) -> tuple[Fault, ...]:
    """Return why a notice cannot be entered now, beside the faults of its rows."""
    if not notice.source.strip():
        return (Fault(0, FaultCode.NO_SOURCE, ""),)
    today = rules.local_day(at)
    if not today.year - 1 <= notice.year <= today.year + 1:
        return (Fault(0, FaultCode.BAD_YEAR, str(notice.year)),)
    if queries.find_notice(notice.year) is None:
        return ()
    before, after = queries.get_calendar(), queries.calendar_with(notice)
    changed = rules.changed_days(before, after, year=notice.year)
    return tuple(
        Fault(0, FaultCode.PAST_CHANGED, day.isoformat()) for day in changed if day < today
    )


def _first_changed(notice: YearNotice) -> date:
    return min((day.day for day in notice.days), default=date(notice.year, 1, 1))


def _holds(year: int, at: datetime) -> tuple[date, date]:
    """Return from when to when the row stands.

    Days count by the year they lie in, so the first day only puts the versions in order: a
    correction of a year that has not begun takes the first day that is free.
    """
    first = date(year, 1, 1)
    taken = {v.valid_from for v in standards.list_versions(CODE)}
    if first in taken:
        first = max(first, rules.local_day(at))
    while first in taken:
        first += timedelta(days=1)
    return first, date(year + 1, 1, 1)


@transaction.atomic
def recompute_due(
    *, at: datetime, origin: Origin = SYSTEM, since: date | None = None
) -> tuple[Shift, ...]:
    """Compute again what a notice may move, in a few statements; return what moved.

    Provisional clocks, and with `since` those that run and are due from that day on. Each that
    moved is a fact: whoever answers for its subject tells those who wait.
    """
    rows = list(
        TimerRow.objects.select_for_update(no_key=True)
        .filter(_may_move(since), stopped_at__isnull=True)
        .order_by("pk")
    )
    facts: list[tuple[DueMoved, Origin]] = []
    changed, shifts = [], []
    for row, due in _with_due(rows):
        if (row.due_at, row.provisional) == (due.at, due.provisional):
            continue
        changed.append(row)
        if row.due_at != due.at:
            shifts.append(_shift(row, due))
            facts.append((_moved(row, due), origin))
        _take(row, due)
    TimerRow.objects.bulk_update(changed, CACHED, batch_size=1000)
    events.record_many(facts, at=at)
    return tuple(shifts)


def _may_move(since: date | None) -> Q:
    wanted = Q(provisional=True)
    if since is not None:
        wanted |= Q(due_at__gte=datetime.combine(since, time.min, tzinfo=rules.CHINA))
    return wanted


def _with_due(rows: Sequence[TimerRow]) -> Iterable[tuple[TimerRow, Due]]:
    calendar = queries.get_calendar()
    waits = queries.waits_of(rows)
    for row in rows:
        yield row, queries.due_of(row, waits.get(row.pk, ()), calendar=calendar)


def _take(row: TimerRow, due: Due) -> None:
    row.due_at, row.provisional = due.at, due.provisional
    row.yellow_at, row.orange_at = due.yellow_at, due.orange_at


def _shift(row: TimerRow, due: Due) -> Shift:
    subject = Ref(row.subject_kind, row.subject_key)
    return Shift(TimerId(row.pk), subject, row.name, row.due_at, due.at)


def _moved(row: TimerRow, due: Due) -> DueMoved:
    return DueMoved(
        subject=Ref(row.subject_kind, row.subject_key),
        timer_id=row.pk,
        timer=row.name,
        was_at=row.due_at,
        due_at=due.at,
        yellow_at=due.yellow_at,
        orange_at=due.orange_at,
        provisional=due.provisional,
    )


def raise_missing(*, at: datetime) -> tuple[int, ...]:
    """Say, once a month for each, whose notice should be here and is not; return which."""
    month = f"{rules.local_day(at):%Y-%m}"
    said = []
    for year in queries.list_missing_years(at=at):
        with transaction.atomic():
            _row, is_new = NoticeAlarm.objects.get_or_create(
                year=year, month=month, defaults={"raised_at": at}
            )
            if is_new:
                fact = NoticeMissing(subject=Ref(CODE, str(year)), year=year, month=month)
                events.record(fact, origin=SYSTEM, at=at)
                said.append(year)
    return tuple(said)
