"""The ladder in force, the level of a matter, and what nothing covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import F, Q

from bihuan.kernel.affairs.cases.models import ENDED, Case, Part
from bihuan.kernel.affairs.cases.queries import recipients
from bihuan.kernel.affairs.cases.rules import AT_WORK
from bihuan.kernel.affairs.cases.types import CASE, PART, CaseId, State, case_ref
from bihuan.kernel.affairs.cases.types.ladder import MAIN_LEADER, Ladder, Level
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import TimerId, Uncovered
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import DUTY_OFFICER, LEADER
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock

REVIEWED_WITHIN = timedelta(hours=1)
"""The house looks at waiting matters every ten minutes."""


def get_ladder(*, at: datetime, county: str | None = None) -> Ladder:
    """Return the ladder of a county in force at this time."""
    found = standards.get_standard("cases.ladder", on=clock.business_date(at), county=county)
    return Ladder.from_value(found.value)


def find_level(
    due_at: datetime | None, *, at: datetime, paused: bool = False, county: str | None = None
) -> Level | None:
    """Return on which level of the ladder something overdue stands, or None when it is not."""
    if due_at is None or paused or at < due_at:
        return None
    return get_ladder(at=at, county=county).level_at(clocks.count_overdue_days(due_at, at=at))


def list_uncovered(*, at: datetime) -> tuple[Uncovered, ...]:
    """Return what no clock, review date, master or rung covers, and which leaders are missing."""
    return (
        *_matters(at),
        *_parts(),
        *clocks.list_without_plan((CASE, PART), get_ladder(at=at).clocks),
        *_people_missing(at),
    )


def _matters(at: datetime) -> Iterator[Uncovered]:
    waiting = Q(state=State.SUSPENDED)
    clocked = Case.objects.exclude(state__in=ENDED).exclude(waiting)
    yield from _without_clock("no_clock", clocked.values_list("pk", "number", "timer_id"))
    missed = Case.objects.filter(waiting, review_at__lt=at - REVIEWED_WITHIN)
    yield from _told("review_missed", missed.values_list("pk", "number"))
    left = Case.objects.filter(state=State.MERGED).filter(
        Q(master__isnull=True) | Q(master__state__in=[s for s in ENDED if s != State.MERGED])
    )
    yield from _told("master_ended", left.values_list("pk", "number"))


def _parts() -> Iterator[Uncovered]:
    at_work = Part.objects.filter(state__in=AT_WORK, round__no=F("case__round_no"))
    open_ones = at_work.exclude(case__state__in=[*ENDED, State.SUSPENDED])
    rows = open_ones.values_list("case_id", "case__number", "timer_id")
    yield from _without_clock("part_no_clock", rows)


def _without_clock(why: str, rows: Iterable[tuple[int, str, int | None]]) -> Iterator[Uncovered]:
    found = list(rows)
    running = clocks.running_among([TimerId(t) for _pk, _number, t in found if t is not None])
    yield from _told(why, ((pk, number) for pk, number, t in found if t not in running))


def _told(why: str, rows: Iterable[tuple[int, str]]) -> Iterator[Uncovered]:
    for pk, number in rows:
        yield Uncovered(why, case_ref(CaseId(pk)), number=number)


def _people_missing(at: datetime) -> Iterator[Uncovered]:
    """Return the counties with open matters where nobody stands on a level of the ladder."""
    paths = Case.objects.exclude(state__in=ENDED).values_list("area_path", flat=True).distinct()
    for path in sorted({"".join(f"{c}/" for c in p.split("/")[:2]) for p in paths}):
        leaders = recipients.nearest(LEADER, path, at=at) or recipients.nearest(
            MAIN_LEADER, path, at=at
        )
        if not leaders:
            yield Uncovered("no_leader", Ref("registry.area", path))
        if not recipients.nearest(DUTY_OFFICER, path, at=at):
            yield Uncovered("no_duty_officer", Ref("registry.area", path))
