"""What is overdue, as the ladder sees it: whom nobody holds first, then the worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Case as Whether
from django.db.models import Exists, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import ENDED, Case, Part
from bihuan.kernel.affairs.cases.queries.ladder import get_ladder
from bihuan.kernel.affairs.cases.rules import AT_WORK
from bihuan.kernel.affairs.cases.types import (
    MAY_SEE,
    CaseId,
    KindCode,
    OverdueRow,
    Role,
    RungTold,
    State,
)
from bihuan.kernel.affairs.cases.types.ladder import Ladder, Told
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, NotFound

SHOWN = 50
WITH_THE_CENTRE = [
    State.REPORTED, State.VERIFYING, State.APPEALED, State.FILED, State.RETURNED
]  # fmt: skip
"""States in which no unit has it yet."""


def list_overdue(
    *, scope: Scope, at: datetime, area: AreaPath | None = None, level: str = "", limit: int = SHOWN
) -> tuple[OverdueRow, ...]:
    """Return overdue matters: those that no unit or nobody in the unit holds, then the worst.

    It shows what a wall may show: a title of a sensitive matter is kept back. Six statements.

    Raises:
        NotAllowed: the post does not look at matters.
        NotFound: the area lies outside its care, or the ladder has no such level.
    """
    if not scope.has(MAY_SEE):
        raise NotAllowed("Your post does not see matters.")
    if area is not None and not scope.covers(area):
        raise NotFound("There is no such area in your care.")
    paths = scope.area_paths if area is None else (area,)
    ladder, empty = get_ladder(at=at), _units_without_people(at)
    rows = _overdue(paths, at)
    if level:
        rows = rows.filter(_of_level(rows, level, ladder, at))
    found = list(_worst_first(rows, empty)[:limit])
    leads = _leads(found)
    fired = clocks.list_fired([TimerId(row.timer_id) for row in found if row.timer_id])
    return tuple(_row(row, leads.get(row.pk), empty, fired, ladder, at) for row in found)


def _overdue(paths: Iterable[str], at: datetime) -> QuerySet[Case]:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(area_path__startswith=path)
    open_ones = Case.objects.exclude(state__in=ENDED).filter(condition)
    return open_ones.filter(due_at__lte=at, paused=False)


def _units_without_people(at: datetime) -> frozenset[int]:
    held = {holder.post.unit_id for holder in registry.list_holders(at=at)}
    return frozenset(unit.id for unit in registry.list_units() if unit.id not in held)


def _of_level(rows: QuerySet[Case], level: str, ladder: Ladder, at: datetime) -> Q:
    """Return the condition that a matter stands on a level: a level is a span of days."""
    if level not in {one.code for one in ladder.levels}:
        raise NotFound("The ladder has no such level.")
    day = TruncDate("due_at", tzinfo=clock.CHINA)
    latest = rows.order_by().annotate(due_on=day).values("due_on").annotate(last=Max("due_at"))
    condition = Q(pk__in=[])
    for found in latest:
        days = clocks.count_overdue_days(found["last"], at=at)
        if ladder.level_at(days).code == level:
            begins = clock.midnight(found["due_on"])
            condition |= Q(due_at__gte=begins, due_at__lt=begins + timedelta(days=1))
    return condition


def _worst_first(rows: QuerySet[Case], empty: frozenset[int]) -> QuerySet[Case]:
    here = Part.objects.filter(
        case=OuterRef("pk"), role=Role.LEAD, state__in=AT_WORK, unit_id__in=empty
    )
    nobody = Whether(
        When(state__in=WITH_THE_CENTRE, then=Value(0)),
        When(Exists(here), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    ordered = rows.select_related("area").annotate(nobody=nobody)
    return ordered.order_by("nobody", "due_at", "pk")


def _leads(cases: Sequence[Case]) -> dict[int, Part]:
    parts = Part.objects.select_related("unit").filter(
        case__in=[case.pk for case in cases], role=Role.LEAD, state__in=AT_WORK
    )
    return {part.case_id: part for part in parts.order_by("pk")}


def _row(
    case: Case,
    lead: Part | None,
    empty: frozenset[int],
    fired: dict[TimerId, tuple[tuple[str, datetime], ...]],
    ladder: Ladder,
    at: datetime,
) -> OverdueRow:
    assert case.due_at is not None
    days = clocks.count_overdue_days(case.due_at, at=at)
    level = ladder.level_at(days)
    above = next((one for one in ladder.levels if one.after > days), None)
    told = fired.get(TimerId(case.timer_id), ()) if case.timer_id else ()
    return OverdueRow(
        id=CaseId(case.pk),
        number=case.number,
        title="" if case.sensitive else case.title,
        class_title=kinds.class_title(KindCode(case.kind), case.class_code),
        area_name=case.area.name,
        state=State(case.state),
        holder=lead.unit.name if lead else "",
        leaderless=lead is not None and lead.unit_id in empty,
        due_at=case.due_at,
        days=days,
        level=level.code,
        told=tuple(RungTold(rung, moment, _whom(rung, ladder)) for rung, moment in told),
        next_level=above.code if above else "",
        next_at=clocks.overdue_opening(case.due_at, above.after) if above else None,
        supervised=case.supervised,
        sensitive=case.sensitive,
    )


def _whom(rung: str, ladder: Ladder) -> tuple[Told, ...]:
    """Return whom the rule tells at a rung; who stands in for the missing is not said here."""
    if not rung.startswith("overdue_"):
        found = list(ladder.before.get(rung, (Told.HOLDER,)))
        if rung == "due":
            found += [who for one in ladder.levels if one.after == 0 for who in one.tells]
        return tuple(dict.fromkeys(found))
    days = int(rung.removeprefix("overdue_"))
    return ladder.level_at(days).tells
