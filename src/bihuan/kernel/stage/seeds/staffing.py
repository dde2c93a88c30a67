"""Who works in the demo world beside the cast: invented people in the units that a county has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry import types as words
from bihuan.kernel.ground.registry.testing import Cast, cast_scope, invented_id_number
from bihuan.kernel.ground.registry.types import DutyCode, PersonId, Scope, UnitId
from bihuan.platform import clock
from bihuan.platform.accounts.operations import create_account

UNIT_HEAD, MAIN_LEADER = DutyCode("unit_head"), DutyCode("main_leader")
COUNTIES = {"330424": "海盐县", "330421": "嘉善县"}
LINES = (
    ("zhujian", "construction", "住房和城乡建设局", ("许立民", "姚国荣")),
    ("huanbao", "environment", "生态环境分局", ("钟晓岚", "费建华")),
    ("gongdian", "power", "供电公司", ("汤志远", "陆伟明")),
    ("jiaotong", "transport", "交通运输局", ("蒋文斌", "倪海涛")),
    ("renshe", "labour", "人力资源和社会保障局", ("温静怡", "袁丽华")),
    ("weijian", "health", "卫生健康局", ("邵雅琴", "金月琴")),
    ("jiaoyu", "education", "教育局", ("傅思齐", "范文静")),
    ("shijian", "market", "市场监督管理局", ("柴宏伟", "沈志刚")),
    ("yingji", "work_safety", "应急管理局", ("龚建平", "翁国强")),
)
"""Code, line, name, and its handler in each of the two counties."""
CAST_LINES = {
    ("330424", "urban_management"): ("zongzhi", "330424-zongzhi"),
    ("330424", "fire"): ("fire", "330424-fire"),
    ("330421", "urban_management"): ("wrong", "330421-zongzhi"),
    ("330421", "fire"): ("js_fire", "330421-fire"),
}
"""Lines whose handlers are of the cast."""
CENTRE = {
    "330424": {"accept": "tao", "dispatch": "mei", "duty": "duty", "verify": "verifier"},
    "330421": {"accept": "js_tao", "dispatch": "js_mei", "verify": "js_check"},
}
WALKERS = {
    "330424": (("330424004", "屠月萍"), ("330424101", "戴金根"), ("330424001", "朱晓燕")),
    "330421": (("330421002", "诸葛敏"), ("330421107", "计春华"), ("330421102", "浦建英")),
}
"""Grid workers of towns beside the cast's."""
RESIDENTS = {
    "330424": [
        "徐阿宝",
        "王秀珍",
        "吴建国",
        "张美凤",
        "沈金林",
        "朱国英",
        "马志明",
        "顾雪芳",
        "周永根",
        "胡彩娥",
        "宋家豪",
        "陈一鸣",
    ],
    "330421": [
        "钱根宝",
        "孙玉兰",
        "李伟峰",
        "曹凤珍",
        "郁建忠",
        "陶金妹",
        "丁晓东",
        "蔡文英",
        "戚海龙",
        "平阿小",
        "俞佳怡",
        "石磊",
    ],
}
HEADS = {
    "330424": (
        "方云涛",
        "葛敏华",
        "鲍文龙",
        "褚亚萍",
        "卫国良",
        "茅建芳",
        "阮志成",
        "包海燕",
        "贺松年",
        "凌雪峰",
        "房建平",
    ),
    "330421": (
        "尤立新",
        "麻晓东",
        "裘慧琴",
        "郎国庆",
        "鲁春燕",
        "石建军",
        "池佩芳",
        "娄志远",
        "季海明",
        "厉秀英",
        "单国平",
    ),
}
"""The heads of the units, in the order of the lines; the last two of the cast's."""
MAIN_LEADERS = {"330424": "路远征", "330421": "项明德"}
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "建国",
    "秀英",
    "志强",
    "桂芳",
    "晓燕",
    "海军",
    "玉梅",
    "文杰",
    "国平",
    "丽娟",
    "明华",
    "雪琴",
)
CALLERS = 60
"""How many people of a county are known by their card only: they call, write and come by."""
FIRST_SERIAL = 400


@dataclass(slots=True)
class Staff:
    """Scopes of those who work in the world, made once."""

    scopes: dict[tuple[str, str], Scope] = field(default_factory=dict)
    units: dict[tuple[str, str], UnitId] = field(default_factory=dict)
    residents: dict[str, list[Scope]] = field(default_factory=dict)
    walkers: dict[str, list[Scope]] = field(default_factory=dict)
    callers: dict[str, list[PersonId]] = field(default_factory=dict)
    """People without an account, who call or come to the counter."""
    played: tuple[Scope, ...] = ()
    """Residents of the cast, as whom a visitor of the demo comes in."""

    def scope(self, county: str, what: str) -> Scope:
        """Return who does `what` in a county: ``accept``, ``verify``, or a line's handler."""
        return self.scopes[county, what]

    def handler(self, county: str, line: str) -> tuple[Scope, UnitId]:
        """Return the handler of a line and the unit, or those of urban management."""
        known = line if (county, line) in self.units else "urban_management"
        return self.scopes[county, known], self.units[county, known]


class _Office:
    """Appoints people one after the other, with serials of their own."""

    def __init__(self, at: datetime) -> None:
        self.at, self.serial = at, FIRST_SERIAL
        self.since = clock.business_date(at) - timedelta(days=365)

    def card(self, name: str, area: str, *, account_id: int | None = None) -> PersonId:
        self.serial += 1
        card = registry.register_person(
            name=name,
            phone=f"137{self.serial:08d}",
            id_number=invented_id_number(self.serial, division=area[:6], born="19750306"),
            area_code=area,
            account_id=account_id,
            scope=cast_scope(),
            at=self.at,
        )
        return card.id

    def person(
        self, name: str, *, area: str, duty: DutyCode | None = None, unit: UnitId | None = None
    ) -> Scope:
        account = create_account(f"demo{self.serial + 1}")
        person_id = self.card(name, area, account_id=account.pk)
        if duty is not None:
            registry.appoint(
                person_id,
                duty=duty,
                area_code=area,
                unit_id=unit,
                valid_from=self.since,
                scope=cast_scope(),
                at=self.at,
            )
        return registry.scope_for(
            account_id=account.pk, origin_door=Door.WEB, purpose=words.HANDLING, at=self.at
        )


def make_staff(cast: Cast, *, at: datetime) -> Staff:
    """Appoint the units, their handlers, further grid workers and residents of two counties."""
    staff, office = Staff(), _Office(at)
    for key, (who, unit) in CAST_LINES.items():
        staff.scopes[key], staff.units[key] = cast.scope(who), cast.unit(unit).id
    for n, (county, name) in enumerate(COUNTIES.items()):
        for code, line, title, people in LINES:
            unit_id = _unit(county, code, f"{name}{title}", line, at)
            staff.units[county, line] = unit_id
            staff.scopes[county, line] = office.person(
                people[n], area=county, duty=words.HANDLER, unit=unit_id
            )
        for what, who in CENTRE[county].items():
            staff.scopes[county, what] = cast.scope(who)
        centre = cast.unit(f"{county}-centre").id
        if (county, "duty") not in staff.scopes:
            staff.scopes[county, "duty"] = office.person(
                "郑绍安", area=county, duty=words.DUTY_OFFICER, unit=centre
            )
        staff.walkers[county] = [
            office.person(who, area=town, duty=words.GRID_WORKER, unit=centre)
            for town, who in WALKERS[county]
        ]
        staff.callers[county] = [
            office.card(SURNAMES[(7 * k + n) % len(SURNAMES)] + GIVEN[k % len(GIVEN)], county)
            for k in range(CALLERS)
        ]
        _heads(staff, office, county, centre)
        staff.residents[county] = [office.person(who, area=county) for who in RESIDENTS[county]]
    staff.played = (cast.scope("lu"), cast.scope("zhou"))
    staff.residents["330424"] += staff.played
    return staff


def _heads(staff: Staff, office: _Office, county: str, centre: UnitId) -> None:
    """Give each handling unit a head and the county a main leader: the ladder tells them."""
    units = [staff.units[county, line] for _code, line, *_ in LINES]
    units += [staff.units[county, line] for line in ("urban_management", "fire")]
    for name, unit_id in zip(HEADS[county], units, strict=True):
        office.person(name, area=county, duty=UNIT_HEAD, unit=unit_id)
    office.person(MAIN_LEADERS[county], area=county, duty=MAIN_LEADER, unit=centre)


def _unit(county: str, code: str, name: str, line: str, at: datetime) -> UnitId:
    full = f"{county}-{code}"
    found = registry.find_unit_by_code(full) or registry.add_unit(
        code=full,
        name=name,
        area_code=county,
        line=line,
        phone="0573-86000000",
        scope=cast_scope(),
        at=at,
    )
    return found.id
