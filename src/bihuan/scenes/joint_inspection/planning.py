"""Next year's plan: firms and officers drawn by lot, visits merged, the cap kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Calendar
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    Area,
    AreaPath,
    Organisation,
    PersonId,
    Scope,
    Unit,
    UnitId,
)
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.database.locks import lock_words
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused
from bihuan.scenes.joint_inspection import library, rules
from bihuan.scenes.joint_inspection.facts import PlanMoved
from bihuan.scenes.joint_inspection.models import LibraryRow, PartRow, PlanRow, TaskRow
from bihuan.scenes.joint_inspection.types import (
    MAY_PLAN,
    MAY_REVIEW,
    Entry,
    Item,
    Joint,
    Library,
    Made,
    PlanId,
    Progress,
    Team,
    plan_ref,
)

PAGE = 1000


class UnableToPlan(Refused):
    """The plan cannot be made, reviewed or published so."""


@dataclass(frozen=True, slots=True)
class Department:
    """One department of the team: its unit, its share of firms, its officers' certificates."""

    unit: Unit
    line: str
    share: float
    officers: Mapping[str, PersonId]


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a plan is drawn from, as it stood when the lot was drawn."""

    area: Area
    year: int
    team: Team
    lead: Unit
    departments: tuple[Department, ...]
    firms: Mapping[str, Organisation]
    library: Library
    cap: int
    window_days: int

    def pool(self) -> dict[str, list[str]]:
        """Return for each unit the firms at which it has at least one item in force."""
        day = date(self.year, 1, 1)
        lines = {
            line: tuple(i for i in items if i.holds_on(day))
            for line, items in self.library.by_line().items()
        }
        return {
            d.unit.code: sorted(
                key for key, firm in self.firms.items() if items_for(lines[d.line], firm)
            )
            for d in self.departments
        }


def items_for(items: Iterable[Item], firm: Organisation) -> tuple[str, ...]:
    """Return the codes of the items that apply to a firm."""
    return tuple(
        i.code for i in items if i.applies_to(firm.industry, above_scale=firm.is_above_scale)
    )


def team_on(day: date) -> Team:
    """Return the template of the joint team in force on a day."""
    value = standards.get_standard("joint_inspection.team", on=day).value
    return Team(
        label=str(value["label"]),
        lines=tuple(value["lines"]),
        officers_each=int(value["officers_each"]),
        block_leads=str(value["block_leads"]),
        line_leads=str(value["line_leads"]),
    )


def survey(area_code: str, year: int, *, scope: Scope, at: datetime) -> Ground:
    """Gather what a plan is drawn from.

    Raises:
        NotFound: there is no such area in the scope's care.
        UnableToPlan: no unit of the team is registered there.
    """
    area = registry.find_area(area_code)
    if area is None or not scope.covers(area.path):
        raise NotFound("There is no such area in your care.")
    today = clock.business_date(at)
    team = team_on(today)
    share = standards.get_standard("joint_inspection.share", on=today).value
    units = departments_of(area.path, team.lines)
    if not units:
        raise UnableToPlan("No department of the team is registered here. Register them first.")
    held = fieldwork.list_certificates([unit.id for unit in units.values()], on=today)
    return Ground(
        area=area,
        year=year,
        team=team,
        lead=lead_unit(area.path, units.values()),
        departments=tuple(
            Department(
                unit=unit,
                line=line,
                share=float(share.get(line, share["default"])),
                officers={c.number: c.person_id for c in held if c.unit_id == unit.id},
            )
            for line, unit in units.items()
        ),
        firms={firm.uscc or str(firm.id): firm for firm in _firms(area.path, scope)},
        library=library.ensure_sample(at=at),
        cap=int(standards.get_standard("joint_inspection.cap", on=today).value["per_year"]),
        window_days=int(
            standards.get_standard("joint_inspection.merge_window", on=today).value["days"]
        ),
    )


def departments_of(area_path: str, lines: Iterable[str]) -> dict[str, Unit]:
    """Return the unit that is competent for each line in an area, the nearest one."""
    found = {}
    for line in lines:
        units = [u for u in registry.list_units(line=line) if area_path.startswith(u.area_path)]
        if units:
            found[line] = max(units, key=lambda unit: len(unit.area_path))
    return found


def lead_unit(area_path: str, others: Iterable[Unit]) -> Unit:
    """Return the unit that leads on the ground (块统): the town's own, or else the county's."""
    own = [u for u in registry.list_units() if not u.line and area_path.startswith(u.area_path)]
    return max(own, key=lambda unit: len(unit.area_path)) if own else next(iter(others))


def _firms(path: AreaPath, scope: Scope) -> list[Organisation]:
    firms: list[Organisation] = []
    page: Sequence[Organisation] = ()
    while not firms or len(page) == PAGE:
        last = firms[-1] if firms else None
        page = registry.list_organisations(scope=scope, below=path, after=last, limit=PAGE)
        firms += page
        if not page:
            break
    return firms


def draw_entries(
    seed: str, year: int, pool: Mapping[str, Sequence[str]], shares: Mapping[str, float]
) -> tuple[Entry, ...]:
    """Return what each department would have planned alone: the drawn firms and days."""
    return tuple(
        Entry(unit, firm, rules.day_of(seed, unit, firm, year))
        for unit in sorted(pool)
        for firm in rules.draw(seed, unit, pool[unit], shares[unit])
    )


def draft_plan(
    area_code: str,
    year: int,
    *,
    seed: str,
    scope: Scope,
    at: datetime,
    progress: Progress | None = None,
) -> Made:
    """Draw and merge a year's plan of an area, and keep it as a draft. Once for a year and area.

    Raises:
        NotAllowed: the scope does not plan.
        NotFound, UnableToPlan.
    """
    if not scope.has(MAY_PLAN):
        raise NotAllowed("Your post does not plan inspections.")
    if len(seed) < 16 or not seed.isalnum():
        raise UnableToPlan("A seed has at least sixteen letters and digits.", field="seed")
    with transaction.atomic():
        lock_words(f"joint_inspection.plan.{year}.{area_code}")
        ground = survey(area_code, year, scope=scope, at=at)
        standing = PlanRow.objects.filter(year=year, area_path=ground.area.path).first()
        if standing is not None:
            return _made(standing, repeated=True)
        pool = ground.pool()
        shares = {d.unit.code: d.share for d in ground.departments}
        entries = rules.cut_to_cap(draw_entries(seed, year, pool, shares), ground.cap)
        visits = rules.merge(entries, ground.window_days)
        row = _plan_row(ground, seed, pool, shares, (len(entries), len(visits)), scope, at)
        _write_tasks(row, ground, visits, scope, progress or _silent)
        events.record(_moved(row, "draft"), origin=scope.origin, at=at)
    return _made(row)


def _silent(_done: int, _whole: int) -> None:
    return None


def _made(row: PlanRow, *, repeated: bool = False) -> Made:
    return Made(PlanId(row.pk), row.firms, row.before, row.after, repeated)


def _plan_row(
    ground: Ground,
    seed: str,
    pool: Mapping[str, Sequence[str]],
    shares: Mapping[str, float],
    counts: tuple[int, int],
    scope: Scope,
    at: datetime,
) -> PlanRow:
    return PlanRow.objects.create(
        year=ground.year,
        area_path=ground.area.path,
        library=LibraryRow.objects.get(edition=ground.library.edition),
        seed=seed,
        pool=pool,
        certificates={d.unit.code: sorted(d.officers) for d in ground.departments},
        shares=shares,
        pool_hash=rules.pool_hash(pool),
        cap=ground.cap,
        window_days=ground.window_days,
        firms=len(ground.firms),
        before=counts[0],
        after=counts[1],
        drafted_by=scope.person_id,
        drafted_at=at,
    )


def _moved(row: PlanRow, move: str) -> PlanMoved:
    return PlanMoved(
        plan_ref(PlanId(row.pk)),
        year=row.year,
        area_path=row.area_path,
        move=move,
        before=row.before,
        after=row.after,
        pool_hash=row.pool_hash,
    )


def _write_tasks(
    plan: PlanRow, ground: Ground, visits: Sequence[Joint], scope: Scope, progress: Progress
) -> None:
    """Write a task for each visit and a part for each entry, a few statements for a thousand."""
    off = _days_off(clocks.get_calendar(), ground.year)
    writer = _Writer(plan, ground, scope)
    for begin in range(0, len(visits), PAGE):
        some = visits[begin : begin + PAGE]
        tasks = TaskRow.objects.bulk_create(
            writer.task(visit, _worked(visit, off, ground.window_days)) for visit in some
        )
        PartRow.objects.bulk_create(
            writer.part(task, entry)
            for task, visit in zip(tasks, some, strict=True)
            for entry in visit.entries
        )
        progress(begin + len(some), len(visits))


def _days_off(calendar: Calendar, year: int) -> frozenset[date]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366))
    return frozenset(
        day
        for day in days
        if (calendar.days[day].off if day in calendar.days else day.weekday() >= 5)
    )


def _worked(visit: Joint, off: frozenset[date], window_days: int) -> date:
    """Return the worked day nearest to the visit's, within reach of all its entries."""
    first = min(e.day for e in visit.entries) + timedelta(days=window_days)
    last = max(e.day for e in visit.entries) - timedelta(days=window_days)
    reach = range((last - visit.day).days, (first - visit.day).days + 1)
    return rules.working_day(visit.day, off, reach)


class _Writer:
    """Makes rows; what is the same for many visits is looked up once."""

    def __init__(self, plan: PlanRow, ground: Ground, scope: Scope) -> None:
        self.plan, self.ground, self.scope = plan, ground, scope
        self.departments = {d.unit.code: d for d in ground.departments}
        lines = ground.library.by_line()
        day = date(ground.year, 1, 1)
        self.items = {
            d.unit.code: tuple(i for i in lines[d.line] if i.holds_on(day))
            for d in ground.departments
        }
        self.codes: dict[tuple[str, str, bool], list[str]] = {}
        self.counted = _already(ground)

    def task(self, visit: Joint, day: date) -> TaskRow:
        """Return the row of a visit."""
        firm = self.ground.firms[visit.firm]
        return TaskRow(
            kind="plan",
            plan=self.plan,
            organisation_id=firm.id,
            area_path=firm.area_path,
            day=day,
            team=self.ground.team.label,
            lead_unit_id=self.ground.lead.id,
            drafted_by=self.scope.person_id,
        )

    def part(self, task: TaskRow, entry: Entry) -> PartRow:
        """Return the row of one department's share, with its place under the cap."""
        department = self.departments[entry.unit]
        firm = self.ground.firms[entry.firm]
        key = (department.unit.id, firm.id)
        ordinal = self.counted.get(key, 0) + 1
        self.counted[key] = ordinal
        drawn = rules.draw_officers(
            self.plan.seed,
            entry.unit,
            entry.firm,
            tuple(department.officers),
            self.ground.team.officers_each,
        )
        return PartRow(
            task=task,
            unit_id=department.unit.id,
            line=department.line,
            organisation_id=firm.id,
            year=self.ground.year,
            wished_day=entry.day,
            items=self._codes(entry.unit, firm),
            officers=[department.officers[number] for number in drawn],
            cap=self.ground.cap,
            ordinal=ordinal if ordinal <= self.ground.cap else None,
        )

    def _codes(self, unit: str, firm: Organisation) -> list[str]:
        key = (unit, firm.industry[:1], firm.is_above_scale)
        if key not in self.codes:
            self.codes[key] = list(items_for(self.items[unit], firm))
        return self.codes[key]


def _already(ground: Ground) -> dict[tuple[Any, Any], int]:
    """Return how often each unit is already to see each firm in that year."""
    rows = PartRow.objects.filter(
        year=ground.year, unit_id__in=[d.unit.id for d in ground.departments]
    )
    found = rows.values_list("unit_id", "organisation_id").annotate(Max("ordinal"))
    return {(unit, firm): most or 0 for unit, firm, most in found}


def next_ordinal(unit_id: UnitId, firm_id: Any, year: int, cap: int) -> int | None:
    """Return the next free place of a unit at a firm under the cap, or None when it is reached."""
    rows = PartRow.objects.filter(unit_id=unit_id, organisation_id=firm_id, year=year)
    most = rows.aggregate(most=Max("ordinal"))["most"] or 0
    return most + 1 if most < cap else None


def review_plan(plan_id: PlanId, *, opinion: str, scope: Scope, at: datetime) -> Made:
    """Say in law that a plan holds. Another person than who drafted it does.

    Raises:
        NotAllowed, NotFound, UnableToPlan.
    """
    if not scope.has(MAY_REVIEW) or scope.person_id is None:
        raise NotAllowed("Your post does not review plans in law.")
    with transaction.atomic():
        row = _locked(plan_id, scope)
        if row.drafted_by == scope.person_id:
            raise UnableToPlan("Who drafted the plan does not review it. Let another person.")
        if not opinion.strip():
            raise UnableToPlan("Write down the opinion of the legal review.", field="opinion")
        if row.reviewed_at is None:
            row.reviewed_by, row.reviewed_at = scope.person_id, at
            row.opinion = opinion.strip()[:500]
            row.save()
            events.record(_moved(row, "review"), origin=scope.origin, at=at)
    return _made(row)


def publish_plan(plan_id: PlanId, *, scope: Scope, at: datetime) -> Made:
    """Publish a reviewed plan with its seed, pool and cap. From then on its tasks may be approved.

    Raises:
        NotAllowed, NotFound, UnableToPlan.
    """
    if not scope.has(MAY_PLAN):
        raise NotAllowed("Your post does not plan inspections.")
    with transaction.atomic():
        row = _locked(plan_id, scope)
        if row.reviewed_at is None:
            raise UnableToPlan("The legal review comes first.", code="not_reviewed")
        if row.published_at is None:
            row.published_at = at
            row.save()
            events.record(_moved(row, "publish"), origin=scope.origin, at=at)
    return _made(row)


def _locked(plan_id: PlanId, scope: Scope) -> PlanRow:
    row = PlanRow.objects.select_for_update().filter(pk=plan_id).first()
    if row is None or not scope.covers(row.area_path):
        raise NotFound("There is no such plan in your care.")
    return row


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What drawing again from the published seed gives, against what is kept."""

    drawn: int
    kept: int
    same: int
    officers_same: int
    pool_same: bool

    @property
    def holds(self) -> bool:
        """Return whether every lot fell as it was published."""
        return self.pool_same and self.drawn == self.kept == self.same == self.officers_same


def redraw(plan_id: PlanId) -> Redrawn:
    """Draw a plan again from its published seed and pool, and compare with what is kept.

    Raises:
        NotFound: there is no such published plan.
    """
    row = PlanRow.objects.filter(pk=plan_id).first()
    if row is None:
        raise NotFound("There is no such plan in your care.")
    drawn = rules.cut_to_cap(draw_entries(row.seed, row.year, row.pool, row.shares), row.cap)
    parts = PartRow.objects.filter(task__plan=row).select_related("unit", "task__organisation")
    kept = {}
    for part in parts:
        firm = part.task.organisation
        kept[Entry(part.unit.code, firm.uscc or str(firm.pk), part.wished_day)] = part.officers
    numbers = _numbers(row)
    team = team_on(clock.business_date(row.drafted_at))
    same = [entry for entry in drawn if entry in kept]
    officers = [
        entry
        for entry in same
        if [
            numbers.get(n)
            for n in rules.draw_officers(
                row.seed,
                entry.unit,
                entry.firm,
                row.certificates.get(entry.unit, ()),
                team.officers_each,
            )
        ]
        == kept[entry]
    ]
    pool_same = rules.pool_hash(row.pool) == row.pool_hash
    return Redrawn(len(drawn), len(kept), len(same), len(officers), pool_same)


def _numbers(row: PlanRow) -> dict[str, PersonId]:
    units = [unit.id for unit in registry.list_units() if unit.code in row.pool]
    held = fieldwork.list_certificates(units, on=clock.business_date(row.drafted_at))
    return {c.number: c.person_id for c in held}
