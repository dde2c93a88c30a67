"""The team of 大桥镇, 南湖区: seven departments, officers with certificates, invented firms.

DRAFT     单薇, inspection planner of the town        REVIEW  石磊, legal reviewer of the district
APPROVE   尹航, approver of the town         fire1, fire2 …: two inspectors of each line
HELPER    辛悦, assistant of the fire station: no certificate
BOSS      薄杰, contact of ORCHARD                     ORCHARD 桥洲葡萄酒业有限公司
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types.inspections import MAY_CERTIFY, NewCertificate
from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import (
    cast_scope,
    invented_id_number,
    invented_uscc,
)
from bihuan.kernel.ground.registry.types import (
    HANDLING,
    DutyCode,
    NewOrganisation,
    Organisation,
    PersonId,
    RelationKind,
    Scope,
    Unit,
    UnitId,
    organisation_ref,
)
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import MAY_ISSUE
from bihuan.platform import clock
from bihuan.platform.accounts.models import User
from bihuan.scenes.joint_inspection.types import (
    APPROVER,
    ASSISTANT,
    INSPECTOR,
    LINES,
    PLANNER,
    REVIEWER,
)

DISTRICT, TOWN, VILLAGE = "330402", "330402105", "330402105203"
BUREAUS = {
    "work_safety": "南湖区应急管理局",
    "fire": "南湖区消防救援大队",
    "labour": "南湖区人力资源和社会保障局",
    "market": "南湖区市场监督管理局",
    "environment": "嘉兴市生态环境局南湖分局",
    "urban_management": "南湖区综合行政执法局",
    "construction": "南湖区住房和城乡建设局",
}
SURNAMES = "应肖劳史环宗建"
FIRMS = (
    ("桥洲葡萄酒业", "C151", True),
    ("由桥水产食品", "C136", False),
    ("胥山电子", "C398", True),
    ("江南里农机", "C357", False),
    ("云东包装", "C223", False),
    ("焦山门物流", "G543", False),
    ("花园浜酒店", "H611", False),
    ("天明家具", "C211", True),
)


@dataclass(frozen=True, slots=True)
class Team:
    """Who takes part, by a short name, and the firms."""

    people: dict[str, PersonId]
    accounts: dict[str, int]
    units: dict[str, Unit]
    firms: tuple[Organisation, ...]
    at: datetime

    def scope(self, who: str, at: datetime | None = None) -> Scope:
        """Return the scope of somebody: ``team.scope("fire1")``."""
        return registry.scope_for(
            account_id=self.accounts[who], origin_door=Door.WEB, purpose=HANDLING, at=at or self.at
        )

    def account(self, who: str) -> User:
        """Return the account of somebody, to sign in with."""
        return User.objects.get(pk=self.accounts[who])

    def door_code(self, firm: Organisation) -> str:
        """Return what a scan at the firm's door reads."""
        scope = registry.system_scope("joint_inspection", (MAY_ISSUE,))
        found = codes.issue_code("door", subject=organisation_ref(firm.id), scope=scope, at=self.at)
        return codes.code_text(found)


def make_team(*, at: datetime, firms: int = len(FIRMS)) -> Team:
    """Build the team through the doors and return it."""
    registry.load_areas()
    units = {line: _unit(f"{DISTRICT}-{line}", BUREAUS[line], DISTRICT, line, at) for line in LINES}
    units["town"] = _unit(f"{TOWN}-command", "大桥镇综合信息指挥室", TOWN, "", at)
    units["law"] = _unit(f"{DISTRICT}-law", "南湖区司法局", DISTRICT, "law", at)
    people, accounts = {}, {}
    for n, (key, name, duty, unit, area) in enumerate(_roles(), 701):
        people[key], accounts[key] = _person(n, key, name, duty, units[unit].id, area, at)
    for line in LINES:
        for n in (1, 2):
            _certify(people[f"{line}{n}"], units[line].id, f"浙0402-{LINES.index(line) + 1}{n}", at)
    made = tuple(_firm(n, at) for n in range(firms))
    people["boss"], accounts["boss"] = _person(799, "ji_boss", "薄杰", None, None, TOWN, at)
    if made:
        registry.relate_to_organisation(
            people["boss"],
            organisation_id=made[0].id,
            kind=RelationKind.CONTACT,
            valid_from=clock.business_date(at) - timedelta(days=365),
            scope=cast_scope(),
            at=at,
        )
    return Team(people, accounts, units, made, at)


def _roles() -> list[tuple[str, str, DutyCode, str, str]]:
    roles = [
        ("draft", "单薇", PLANNER, "town", TOWN),
        ("review", "石磊", REVIEWER, "law", DISTRICT),
        ("approve", "尹航", APPROVER, "town", TOWN),
        ("helper", "辛悦", ASSISTANT, "fire", DISTRICT),
    ]
    for line, surname in zip(LINES, SURNAMES, strict=True):
        roles += [
            (f"{line}{n}", f"{surname}{['一帆', '二川'][n - 1]}", INSPECTOR, line, DISTRICT)
            for n in (1, 2)
        ]
    return roles


def _unit(code: str, name: str, area: str, line: str, at: datetime) -> Unit:
    return registry.find_unit_by_code(code) or registry.add_unit(
        code=code,
        name=name,
        area_code=area,
        line=line,
        phone="0573-83000000",
        scope=cast_scope(),
        at=at,
    )


def _person(
    serial: int,
    key: str,
    name: str,
    duty: DutyCode | None,
    unit: UnitId | None,
    area: str,
    at: datetime,
) -> tuple[PersonId, int]:
    account = User.objects.create_user(username=key if key.startswith("ji_") else f"ji_{key}")
    card = registry.register_person(
        name=name,
        phone=f"137{serial:08d}",
        id_number=invented_id_number(serial, division=DISTRICT),
        area_code=TOWN,
        account_id=account.pk,
        scope=cast_scope(),
        at=at,
    )
    if duty is not None:
        registry.appoint(
            card.id,
            duty=duty,
            area_code=area,
            unit_id=unit,
            valid_from=clock.business_date(at) - timedelta(days=365),
            scope=cast_scope(),
            at=at,
        )
    return card.id, account.pk


def _certify(person: PersonId, unit: UnitId, number: str, at: datetime) -> None:
    begins = clock.business_date(at) - timedelta(days=400)
    new = NewCertificate(person, unit, number, begins, begins + timedelta(days=5 * 365))
    fieldwork.enter_certificate(new, scope=registry.system_scope("cast", (MAY_CERTIFY,)), at=at)


def _firm(n: int, at: datetime) -> Organisation:
    name, industry, above = FIRMS[n % len(FIRMS)]
    serial = n // len(FIRMS)
    new = NewOrganisation(
        name=f"{name}{serial or ''}有限公司",
        uscc=invented_uscc(60000 + n, division=DISTRICT),
        area_code=TOWN,
        industry=industry,
        is_above_scale=above,
        address=f"大桥镇亚太路{100 + n}号",
        longitude=120.86 + (n % 100) / 10000,
        latitude=30.70,
    )
    return registry.register_organisation(new, scope=cast_scope(), at=at)
