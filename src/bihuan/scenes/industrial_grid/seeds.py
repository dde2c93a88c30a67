"""Invented patrols and hazards in the industrial communities, over sixty days."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    HAZARD,
    CaseRow,
    Detail,
    Filter,
    MoveName,
    NewPart,
    PartId,
    Role,
)
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import (
    MAY_PATROL,
    Domain,
    NewPatrol,
    PatrolFinding,
    finding_ref,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import cast_scope, invented_uscc
from bihuan.kernel.ground.registry.types import (
    AreaLevel,
    AreaPath,
    NewOrganisation,
    OrganisationId,
    Scope,
)

NAMES = (
    "恒彩印务",
    "永昌纸品",
    "隆盛电气",
    "台德机械",
    "惠丰五金",
    "嘉锐模具",
    "云帆包装",
    "顺泽塑业",
    "立信紧固件",
    "金穗食品",
    "东晟纺织",
    "明远光电",
    "康格家居",
    "海纳化工",
    "卓立电子",
    "百川物流",
)
GRIDS = ("330421003E01003", "330421003E01004", "330421003E02001")
SEEN = (
    (Domain.FIRE, "东侧消防通道堆货，人过不去", "通道清空，划线"),
    (Domain.ELECTRICITY, "配电箱敞开，接了一排插线板", "加装箱门，重新布线"),
    (Domain.WORK_SAFETY, "行车吊钩防脱扣缺失", "更换防脱扣"),
    (Domain.FIRE, "灭火器压力不足三只", "更换灭火器"),
    (Domain.WORK_SAFETY, "粉尘车间积尘明显", "停机清扫，做了记录"),
)
COUNT = 220
MORE_NAMES = [
    "澉湖",
    "秦溪",
    "百尺",
    "南北湖",
    "绮园",
    "天宁",
    "姚庄",
    "罗星",
    "晋阳",
    "汾湖",
    "祥符",
    "泖河",
]
WORDS = ("丝绸", "箱包", "机械", "化纤", "家具", "皮革")


def seed(world: Any) -> None:
    """Register firms, patrol them, and let the hazards go as far as age and luck bring them."""
    firms = [world.cast.hengyue.id, *_firms(world)]
    walked = [(firm, _walker(world, firm)) for firm in firms]
    for n in range(COUNT):
        at = world.now - timedelta(days=58 * (1 - (n + 1) / COUNT))
        firm, walker = walked[n % len(walked)]
        _patrol(world, n, firm, walker, world.office.after(at, -world.rng.uniform(10, 300)))
    _elsewhere(world)
    while events.deliver_pending(at=world.now):
        pass
    _handle(world)
    _blocked_exit(world)


def _walker(world: Any, firm_id: OrganisationId) -> Scope | None:
    """Return who patrols a firm: the grid worker of its grid or town, else the grid's leader."""
    firm = registry.get_organisation(firm_id, scope=cast_scope())
    cast = world.cast
    theirs = [cast.scope("gu"), cast.scope("other_gu")]
    theirs += [walker for some in world.staff.walkers.values() for walker in some]
    theirs.append(cast.scope("gu_leader"))
    return next((walker for walker in theirs if walker.covers(firm.area_path)), None)


def _firms(world: Any) -> list[OrganisationId]:
    towns = [path for some in world.staff.walkers.values() for w in some for path in w.area_paths]
    places = [*((name, GRIDS[n % len(GRIDS)]) for n, name in enumerate(NAMES))]
    for n, path in enumerate(towns):
        code = path.strip("/").rsplit("/", 1)[-1]
        for k in range(4):
            name = MORE_NAMES[(3 * n + k) % len(MORE_NAMES)] + WORDS[(n + k) % len(WORDS)]
            places.append((name, code))
    made = []
    for n, (name, code) in enumerate(places, 11):
        new = NewOrganisation(name=f"{name}有限公司", uscc=invented_uscc(n), area_code=code)
        made.append(registry.register_organisation(new, scope=cast_scope(), at=world.now).id)
    return made


def _elsewhere(world: Any) -> None:
    """Register a firm or two in the other towns, so that the wall has a county to show."""
    towns = registry.list_areas(levels=(AreaLevel.TOWN,))
    for n, town in enumerate(towns):
        for k in range(1 + n % 2):
            new = NewOrganisation(
                name=f"{town.name[:2]}{WORDS[(n + k) % len(WORDS)]}有限公司",
                uscc=invented_uscc(100 + 2 * n + k),
                area_code=town.code,
            )
            firm = registry.register_organisation(new, scope=cast_scope(), at=world.now)
            if n % 3:
                _visit(world, firm.id, AreaPath(town.path))


def _visit(world: Any, firm: OrganisationId, path: AreaPath) -> None:
    walker = registry.system_scope("seeds", (MAY_PATROL,))
    visit = NewPatrol(uuid.UUID(int=world.rng.getrandbits(128)), path, firm)
    at = world.now - timedelta(days=world.rng.uniform(1, 80))
    fieldwork.record_patrol(visit, scope=walker, at=at)


def _patrol(
    world: Any, n: int, firm_id: OrganisationId, walker: Scope | None, at: datetime
) -> None:
    if walker is None:
        return
    firm = registry.get_organisation(firm_id, scope=cast_scope())
    visit = NewPatrol(
        visit_id=uuid.UUID(int=world.rng.getrandbits(128)),
        area_path=AreaPath(firm.area_path),
        organisation_id=firm.id,
    )
    findings = []
    if world.rng.random() < 0.45:
        domain, text, _done = SEEN[n % len(SEEN)]
        findings = [
            PatrolFinding(
                finding_id=uuid.UUID(int=world.rng.getrandbits(128)),
                domain=domain,
                text=text,
                photos=(world.photo(n),),
                looks_major=n % 12 == 0,
            )
        ]
    fieldwork.record_patrol(visit, findings=findings, scope=walker, at=at)


def _handle(world: Any) -> None:
    """Let all hazards live side by side, step by step in the order of time.

    What follows from a step (a code turns yellow, a firm is told) is delivered before the next one,
    as it would be: a code's history is that of its days.
    """
    lives: list[tuple[datetime, int, Iterator[datetime]]] = []
    for county in ("330421", "330424"):
        rows = _hazards(world, county)
        for n, row in enumerate(rows):
            life = _life(world, county, n, row, len(rows))
            _queue(lives, life, len(lives), world.now)
    while lives:
        at, serial, life = heapq.heappop(lives)
        _queue(lives, life, serial, world.now)
        while events.deliver_pending(at=at):
            pass


def _blocked_exit(world: Any) -> None:
    """Leave the cast's firm with one confirmed hazard, so that its owner finds a yellow code."""
    cast, office = world.cast, world.office
    at = office.after(world.now, -330)
    walker, firm = cast.scope("gu"), cast.hengyue
    visit = NewPatrol(
        visit_id=uuid.UUID(int=world.rng.getrandbits(128)),
        area_path=AreaPath(firm.area_path),
        organisation_id=firm.id,
    )
    domain, text, _done = SEEN[0]
    finding = PatrolFinding(
        finding_id=uuid.UUID(int=world.rng.getrandbits(128)),
        domain=domain,
        text=text,
        place="3号厂房东侧",
        photos=(world.photo(7),),
        looks_major=True,
    )
    fieldwork.record_patrol(visit, findings=[finding], scope=walker, at=at)
    while events.deliver_pending(at=at):
        pass
    cause = finding_ref(finding.finding_id)
    row = next(row for row in _hazards(world, "330421") if row.cause == cause)
    at = office.after(at, 30)
    mei = cast.scope("js_mei")
    cases.move_case(row.id, move=MoveName("file"), scope=mei, at=at)
    parts = [NewPart(cast.unit("330421-fire").id, Role.LEAD)]
    done = cases.dispatch_case(row.id, parts=parts, scope=mei, at=office.after(at, 20))
    assert done.part_id is not None
    at = office.after(at, 120)
    graded = Detail(grade="major")
    fire = cast.scope("js_fire")
    cases.move_part(done.part_id, move=MoveName("sign"), scope=fire, at=at, detail=graded)
    while events.deliver_pending(at=at):
        pass


def _queue(
    lives: list[tuple[datetime, int, Iterator[datetime]]],
    life: Iterator[datetime],
    serial: int,
    now: datetime,
) -> None:
    """Take a life's next step and put it where the step after that comes; none after now."""
    at = next(life, None)
    if at is not None and at < now:
        heapq.heappush(lives, (at, serial, life))


def _hazards(world: Any, county: str) -> list[CaseRow]:
    rows = cases.list_every_case(
        scope=world.staff.scope(county, "dispatch"), wanted=Filter(kind=HAZARD), at=world.now
    )
    return sorted(rows, key=lambda row: row.raised_at)


def _life(world: Any, county: str, n: int, row: CaseRow, whole: int) -> Iterator[datetime]:
    """Live one hazard: each moment that is given is the one at which the next step is made."""
    rng, office, staff = world.rng, world.office, world.staff
    dispatcher = staff.scope(county, "dispatch")
    fresh = world.now - row.raised_at < timedelta(hours=20)
    if n >= whole - 2 and fresh:
        return
    at = office.after(row.raised_at, rng.uniform(5, 60))
    yield at
    cases.move_case(row.id, move=MoveName("file"), scope=dispatcher, at=at)
    if n == whole - 3 and fresh:
        return
    at = office.after(at, rng.uniform(5, 100))
    yield at
    handler, unit = staff.handler(county, "fire" if n % 5 < 3 else "work_safety")
    done = cases.dispatch_case(row.id, parts=[NewPart(unit, Role.LEAD)], scope=dispatcher, at=at)
    if done.part_id is None or done.due_at is None:
        return
    yield from _clear(world, county, n, row, done.part_id, (at, done.due_at), handler)


def _clear(
    world: Any,
    county: str,
    n: int,
    row: CaseRow,
    part_id: PartId,
    span: tuple[datetime, datetime],
    handler: Scope,
) -> Iterator[datetime]:
    """Grade, clear and look, in office hours between dispatch and date; some are late by days."""
    rng, office, (begin, due) = world.rng, world.office, span
    step = (due - begin) * (rng.uniform(1.1, 1.6) if n % 9 == 0 else rng.uniform(0.3, 0.95))

    def moment(share: float, before: datetime) -> datetime:
        wanted: datetime = office.after(begin + step * share, rng.uniform(0, 40))
        soonest: datetime = office.after(before, 10)
        return max(wanted, soonest)

    at = moment(0.15, begin)
    yield at
    signed = Detail(grade="major" if n % 3 == 0 else "general")
    cases.move_part(part_id, move=MoveName("sign"), scope=handler, at=at, detail=signed)
    if world.now - due < timedelta(days=4) and n % 3 == 1:
        return  # only of the last days do some still wait
    at = moment(0.7, at)
    yield at
    said = next(done for _domain, text, done in SEEN if text.startswith(row.title))
    answer = Detail(words=said, photos=(world.photo(n, done=True),))
    cases.move_part(part_id, move=MoveName("feed_back"), scope=handler, at=at, detail=answer)
    at = moment(1.0, at)
    yield at
    check = cases.Check(visit_id=uuid.UUID(int=rng.getrandbits(128)), cleared=True)
    cases.verify_case(row.id, check, scope=world.staff.scope(county, "verify"), at=at)
