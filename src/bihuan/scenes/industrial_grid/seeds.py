"""Invented patrols and hazards in the industrial communities, over sixty days."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    HAZARD,
    CaseId,
    Detail,
    Filter,
    MoveName,
    NewPart,
    PartId,
    Role,
)
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL, Domain, NewPatrol, PatrolFinding
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
COUNT = 90
WORDS = ("丝绸", "箱包", "机械", "化纤", "家具", "皮革")


def seed(world: Any) -> None:
    """Register firms, patrol them, and let the hazards go as far as age and luck bring them."""
    firms = [world.cast.hengyue.id, *_firms(world)]
    for n in range(COUNT):
        age = timedelta(days=58 * (1 - (n + 1) / COUNT), hours=world.rng.uniform(1, 6))
        _patrol(world, n, firms, world.now - age)
    _elsewhere(world)
    while events.deliver_pending(at=world.now):
        pass
    _handle(world)


def _firms(world: Any) -> list[OrganisationId]:
    made = []
    for n, name in enumerate(NAMES, 11):
        new = NewOrganisation(
            name=f"{name}有限公司",
            uscc=invented_uscc(n),
            area_code=GRIDS[n % len(GRIDS)],
        )
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


def _patrol(world: Any, n: int, firms: list[OrganisationId], at: datetime) -> None:
    firm = registry.get_organisation(firms[n % len(firms)], scope=cast_scope())
    who = {"330421003E01003": "gu", "330421003E01004": "other_gu"}
    walker: Scope = world.cast.scope(who.get(_code(firm.area_path), "gu_leader"))
    if not walker.covers(firm.area_path):
        return
    visit = NewPatrol(
        visit_id=uuid.UUID(int=world.rng.getrandbits(128)),
        area_path=AreaPath(firm.area_path),
        organisation_id=firm.id,
    )
    findings = []
    if n % 3 == 0:
        domain, text, _done = SEEN[(n // 3) % len(SEEN)]
        photo = world.photo(n)
        findings = [
            PatrolFinding(
                finding_id=uuid.UUID(int=world.rng.getrandbits(128)),
                domain=domain,
                text=text,
                photos=(photo,),
                looks_major=n % 12 == 0,
            )
        ]
    fieldwork.record_patrol(visit, findings=findings, scope=walker, at=at)


def _code(path: str) -> str:
    return path.strip("/").rsplit("/", 1)[-1]


def _handle(world: Any) -> None:
    cast = world.cast
    wanted = Filter(kind=HAZARD)
    rows = cases.list_cases(scope=cast.scope("js_mei"), wanted=wanted, at=world.now).rows
    for n, row in enumerate(sorted(rows, key=lambda row: row.raised_at)):
        _one(world, n, row.id, row.raised_at, len(rows))


def _one(world: Any, n: int, case_id: CaseId, at: datetime, whole: int) -> None:
    cast, rng = world.cast, world.rng
    unit = cast.unit("330421-fire" if n % 2 == 0 else "330421-emergency")
    at += timedelta(hours=rng.uniform(0.5, 2))
    if at > world.now or n >= whole - 2:
        return
    cases.move_case(case_id, move=MoveName("file"), scope=cast.scope("js_mei"), at=at)
    at += timedelta(hours=rng.uniform(0.2, 2))
    fire = cast.unit("330421-fire")
    done = cases.dispatch_case(
        case_id, parts=[NewPart(fire.id, Role.LEAD)], scope=cast.scope("js_mei"), at=at
    )
    at += timedelta(hours=rng.uniform(1, 8))
    if done.part_id is None or at > world.now or n % 11 == 9 or unit is None:
        return
    _clear(world, n, case_id, done.part_id, at)


def _clear(world: Any, n: int, case_id: CaseId, part_id: PartId, at: datetime) -> None:
    cast, rng = world.cast, world.rng
    grade = "major" if n % 3 == 0 else "general"
    signed = Detail(grade=grade)
    handler = cast.scope("js_fire")
    cases.move_part(part_id, move=MoveName("sign"), scope=handler, at=at, detail=signed)
    at += timedelta(hours=rng.uniform(4, 30))
    if at > world.now or n % 7 == 3:
        return
    photo = world.photo(n, done=True)
    answer = Detail(words=SEEN[n % len(SEEN)][2], photos=(photo,))
    cases.move_part(part_id, move=MoveName("feed_back"), scope=handler, at=at, detail=answer)
    at += timedelta(hours=rng.uniform(2, 20))
    if at > world.now:
        return
    check = cases.Check(visit_id=uuid.UUID(int=rng.getrandbits(128)), cleared=True)
    cases.verify_case(case_id, check, scope=cast.scope("js_check"), at=at)
