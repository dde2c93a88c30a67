"""The cast: people, firms and units of one meaning each, built through the doors.

``make_cast()`` needs a database; the areas are there already. Real places, invented people.

LU        陆建英, resident of 望海街道 新兴社区; raises matters
ZHOU      周立, another resident; must not see what is LU's
SHEN      沈国平, contact and legal representative of HENGYUE
HENGYUE   恒岳紧固件有限公司, above scale, in 隆全 grid 3 of 惠民街道, 嘉善县
YONGXIN   永昕纸品有限公司, in 惠通, a firm that is not SHEN's
GU        顾梅芳, grid worker of 隆全 grid 3
GU_LEADER 俞向东, grid leader of 隆全 industrial community
OTHER_GU  钱小燕, grid worker of 隆全 grid 4: the wrong grid
TAO       陶静, acceptor of the county centre of 海盐县
MEI       梅若川, dispatcher of the county centre of 海盐县
DUTY      何明远, duty officer of the county centre of 海盐县
ZONGZHI   潘志强, handler of 海盐县综合行政执法局
FIRE      孟凯, handler of 海盐县消防救援大队
VERIFIER  裴兰, verifier in 海盐县, in no handling unit
WRONG     樊涛, handler of a bureau in 嘉善县: the wrong county
JS_MEI    卜晓, dispatcher of the county centre of 嘉善县
JS_TAO    舒琴, acceptor of the county centre of 嘉善县
JS_FIRE   郎峰, handler of 嘉善县消防救援大队
JS_CHECK  季云, verifier in 嘉善县
OFFICER   严峻, project officer (项目警官) in 惠民街道
LEADER    方政, leader of 海盐县
CITY      程远, leader of the whole city
AUDITOR   章慎, auditor of 海盐县
SYSTEM, SECURITY, AUDIT  the three administrators
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry import kinds
from bihuan.kernel.ground.registry import types as words
from bihuan.kernel.ground.registry.rules.areas import day_of
from bihuan.kernel.ground.registry.rules.identifiers import (
    id_check_digit,
    organisation_check_character,
    uscc_check_character,
)
from bihuan.kernel.ground.registry.types import (
    AreaLevel,
    DutyCode,
    GridKind,
    NewArea,
    NewOrganisation,
    Organisation,
    PersonId,
    Power,
    RelationKind,
    Scope,
    Unit,
)
from bihuan.platform.accounts.models import User

NOW = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)
"""Wednesday 24 June 2026, 09:30 in China."""

HAIYAN = "330424"
JIASHAN = "330421"
WANGHAI = "330424005"
XINXING = "330424005004"
WUYUAN = "330424001"
HUIMIN = "330421003"
LONGQUAN = "330421003E01"
HUITONG = "330421003E02"
LONGQUAN_GRID_3 = "330421003E01003"
LONGQUAN_GRID_4 = "330421003E01004"
HUITONG_GRID_1 = "330421003E02001"
GANYAO = "330421105"

ALL_POWERS = (
    words.MANAGE_AREAS,
    words.MANAGE_UNITS,
    words.APPOINT,
    words.REGISTER_PEOPLE,
    words.REGISTER_FIRMS,
    words.LOOK_UP_PEOPLE,
    words.ASSIGN_OFFICERS,
)

AREAS = (
    NewArea(LONGQUAN, "隆全工业社区", AreaLevel.INDUSTRIAL_COMMUNITY, HUIMIN, aliases=("隆全",)),
    NewArea(HUITONG, "惠通工业社区", AreaLevel.INDUSTRIAL_COMMUNITY, HUIMIN, aliases=("惠通",)),
    NewArea(LONGQUAN_GRID_3, "隆全第三网格", AreaLevel.GRID, LONGQUAN, GridKind.EXCLUSIVE),
    NewArea(LONGQUAN_GRID_4, "隆全第四网格", AreaLevel.GRID, LONGQUAN, GridKind.EXCLUSIVE),
    NewArea(HUITONG_GRID_1, "惠通第一网格", AreaLevel.GRID, HUITONG, GridKind.EXCLUSIVE),
)
"""Communities and grids that the shipped list does not have."""

UNITS = (
    ("330424-centre", "海盐县社会治理中心", HAIYAN, "", ""),
    ("330424-zongzhi", "海盐县综合行政执法局", HAIYAN, "", "urban_management"),
    ("330424-fire", "海盐县消防救援大队", HAIYAN, "", "fire"),
    ("330424-water", "海盐县水务公司", HAIYAN, "", "water"),
    ("330424005-town", "望海街道办事处", WANGHAI, "", ""),
    ("330421-centre", "嘉善县社会治理中心", JIASHAN, "", ""),
    ("330421-fire", "嘉善县消防救援大队", JIASHAN, "", "fire"),
    ("330421-emergency", "嘉善县应急管理局", JIASHAN, "", "work_safety"),
    ("330421-zongzhi", "嘉善县综合行政执法局", JIASHAN, "", "urban_management"),
    ("330421003-town", "惠民街道办事处", HUIMIN, "", ""),
    ("330421003-park", "惠民街道园区管理部", HUIMIN, "330421003-town", ""),
    ("330421003-police", "惠民派出所", HUIMIN, "", "police"),
)
"""Code, name, area, unit above, line."""


@dataclass(frozen=True, slots=True)
class Role:
    """One member of the cast: account name, name, home, and the post, if any."""

    username: str
    name: str
    home: str
    duty: DutyCode | None = None
    unit: str = ""
    area: str = ""


ROLES = {
    "lu": Role("lu", "陆建英", XINXING),
    "zhou": Role("zhou", "周立", XINXING),
    "shen": Role("shen", "沈国平", HUIMIN),
    "gu": Role("gu", "顾梅芳", HUIMIN, words.GRID_WORKER, "330421003-park", LONGQUAN_GRID_3),
    "gu_leader": Role("gu_leader", "俞向东", HUIMIN, words.GRID_LEADER, "330421003-park", LONGQUAN),
    "other_gu": Role(
        "other_gu", "钱小燕", HUIMIN, words.GRID_WORKER, "330421003-park", LONGQUAN_GRID_4
    ),
    "tao": Role("tao", "陶静", WUYUAN, words.ACCEPTOR, "330424-centre", HAIYAN),
    "mei": Role("mei", "梅若川", WUYUAN, words.DISPATCHER, "330424-centre", HAIYAN),
    "duty": Role("duty", "何明远", WUYUAN, words.DUTY_OFFICER, "330424-centre", HAIYAN),
    "zongzhi": Role("zongzhi", "潘志强", WUYUAN, words.HANDLER, "330424-zongzhi", HAIYAN),
    "fire": Role("fire", "孟凯", WUYUAN, words.HANDLER, "330424-fire", HAIYAN),
    "verifier": Role("verifier", "裴兰", WUYUAN, words.VERIFIER, "330424-centre", HAIYAN),
    "wrong": Role("wrong", "樊涛", HUIMIN, words.HANDLER, "330421-zongzhi", JIASHAN),
    "js_mei": Role("js_mei", "卜晓", HUIMIN, words.DISPATCHER, "330421-centre", JIASHAN),
    "js_tao": Role("js_tao", "舒琴", HUIMIN, words.ACCEPTOR, "330421-centre", JIASHAN),
    "js_fire": Role("js_fire", "郎峰", HUIMIN, words.HANDLER, "330421-fire", JIASHAN),
    "js_check": Role("js_check", "季云", HUIMIN, words.VERIFIER, "330421-centre", JIASHAN),
    "officer": Role("officer", "严峻", HUIMIN, words.PROJECT_OFFICER, "330421003-police", HUIMIN),
    "leader": Role("leader", "方政", WUYUAN, words.LEADER, "330424-centre", HAIYAN),
    "city": Role("city", "程远", WUYUAN, words.LEADER, "330424-centre", "3304"),
    "auditor": Role("auditor", "章慎", WUYUAN, words.AUDITOR, "330424-centre", HAIYAN),
    "system": Role("system", "丁维", WUYUAN, words.SYSTEM_ADMIN, "330424-centre", HAIYAN),
    "security": Role("security", "安宁", WUYUAN, words.SECURITY_ADMIN, "330424-centre", HAIYAN),
    "audit": Role("audit", "简明", WUYUAN, words.AUDIT_ADMIN, "330424-centre", HAIYAN),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the cast, registered."""

    role: Role
    person_id: PersonId
    account_id: int
    phone: str
    id_number: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The whole cast. Scopes are made on asking, so that powers granted meanwhile count."""

    members: dict[str, Member]
    units: dict[str, Unit]
    hengyue: Organisation
    yongxin: Organisation
    at: datetime = NOW

    def scope(
        self, who: str, *, door: Door = Door.WEB, purpose: words.PurposeCode = words.HANDLING
    ) -> Scope:
        """Return the scope of a member: ``cast.scope("mei")``."""
        return registry.scope_for(
            account_id=self.members[who].account_id, origin_door=door, purpose=purpose, at=self.at
        )

    def unit(self, code: str) -> Unit:
        """Return a unit by its code: ``cast.unit("330424-zongzhi")``."""
        return self.units[code]

    def account(self, who: str) -> User:
        """Return the account of a member, to sign in with."""
        return User.objects.get(pk=self.members[who].account_id)


def invented_id_number(serial: int, *, division: str = "330424", born: str = "19680412") -> str:
    """Return an identity number that checks and belongs to nobody we know."""
    body = f"{division}{born}{serial:03d}"
    return body + id_check_digit(body)


def invented_uscc(serial: int, *, division: str = "330421", kind: str = "91") -> str:
    """Return a social credit code that checks and belongs to no firm we know."""
    body = f"MAX{serial:05d}"
    first_17 = f"{kind}{division}{body}{organisation_check_character(body)}"
    return first_17 + uscc_check_character(first_17)


def cast_scope() -> Scope:
    """Return the scope with every power of the registry, by which worlds are built."""
    return registry.system_scope("cast", ALL_POWERS)


def make_areas(*, at: datetime = NOW) -> None:
    """Add the industrial communities and grids of the cast, once."""
    registry.load_areas()
    for new in AREAS:
        if registry.find_area(new.code) is None:
            registry.add_area(new, scope=cast_scope(), at=at)


def make_units(*, at: datetime = NOW) -> dict[str, Unit]:
    """Add the units of the cast, once, and return them by code."""
    made: dict[str, Unit] = {}
    for code, name, area, above, line in UNITS:
        made[code] = registry.find_unit_by_code(code) or registry.add_unit(
            code=code,
            name=name,
            area_code=area,
            parent_code=above,
            line=line,
            phone="0573-86000000",
            scope=cast_scope(),
            at=at,
        )
    return made


def make_cast(*, at: datetime = NOW) -> Cast:
    """Build the cast through the doors and return it."""
    make_areas(at=at)
    units = make_units(at=at)
    members = {
        key: _register(role, serial, units, at)
        for serial, (key, role) in enumerate(ROLES.items(), start=101)
    }
    hengyue = _firm("恒岳紧固件有限公司", 1, LONGQUAN_GRID_3, above_scale=True, at=at)
    yongxin = _firm("永昕纸品有限公司", 2, HUITONG_GRID_1, above_scale=False, at=at)
    for kind in (RelationKind.CONTACT, RelationKind.LEGAL_REPRESENTATIVE):
        registry.relate_to_organisation(
            members["shen"].person_id,
            organisation_id=hengyue.id,
            kind=kind,
            valid_from=_long_since(at),
            scope=cast_scope(),
            at=at,
        )
    registry.assign_officer(
        hengyue.id,
        person_id=members["officer"].person_id,
        valid_from=_long_since(at),
        scope=cast_scope(),
        at=at,
    )
    return Cast(members, units, hengyue, yongxin, at)


def _long_since(at: datetime) -> date:
    """Return a day a year ago, so that worlds of the past find everybody in office."""
    return day_of(at) - timedelta(days=365)


def _register(role: Role, serial: int, units: dict[str, Unit], at: datetime) -> Member:
    account = User.objects.create_user(username=role.username)
    phone, number = f"139{serial:08d}", invented_id_number(serial)
    card = registry.register_person(
        name=role.name,
        phone=phone,
        id_number=number,
        area_code=role.home,
        account_id=account.pk,
        scope=cast_scope(),
        at=at,
    )
    if role.duty is not None:
        registry.appoint(
            card.id,
            duty=role.duty,
            area_code=role.area,
            unit_id=units[role.unit].id,
            valid_from=_long_since(at),
            scope=cast_scope(),
            at=at,
        )
    return Member(role, card.id, account.pk, phone, number)


def _firm(name: str, serial: int, area: str, *, above_scale: bool, at: datetime) -> Organisation:
    new = NewOrganisation(
        name=name,
        area_code=area,
        uscc=invented_uscc(serial),
        industry="C348",
        is_above_scale=above_scale,
        address=f"惠民街道隆全路{serial * 8}号",
        longitude=120.962 + serial / 1000,
        latitude=30.858,
    )
    return registry.register_organisation(new, scope=cast_scope(), at=at)


@contextlib.contextmanager
def granting(duty: DutyCode, *powers: Power) -> Iterator[None]:
    """Let a duty carry further powers inside the block, although start-up is sealed."""
    before = set(kinds._granted.get(duty, set()))
    kinds._granted[duty] = before | set(powers)
    try:
        yield
    finally:
        kinds._granted[duty] = before


__all__ = [
    "NOW",
    "Cast",
    "Member",
    "cast_scope",
    "granting",
    "invented_id_number",
    "invented_uscc",
    "make_areas",
    "make_cast",
    "make_units",
]
