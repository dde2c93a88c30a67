"""Invented appeals of two counties over the sixty days before now, in every state, by the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, CaseId, Raise
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, AreaLevel, AreaPath, Scope
from bihuan.platform import clock
from bihuan.scenes.appeals import seed_texts as texts
from bihuan.scenes.appeals.knowledge import seeds as knowledge_seeds
from bihuan.scenes.appeals.operations import Report, report
from bihuan.scenes.appeals.rules import title_of
from bihuan.scenes.appeals.seed_walks import FATES, Walk
from bihuan.scenes.appeals.topics import seeds as topics_seeds

DAYS = 60
SHARES = (("330424", 360), ("330421", 250))
QUICK = frozenset({"rubbish", "flooding", "street_order", "water_supply", "power_supply"})
"""Classes with a limit of a day or less: no matter of theirs lies about for days."""
SLOW = tuple(code for code in texts.SAID if code not in QUICK)
SOURCES = (("hotline", 34), ("counter", 8), ("mailbox", 6), ("city_order", 6), ("livelihood", 6))
PHONE = 40
"""Of a hundred matters, how many a resident sends from the own phone."""

YOUNG = (
    ("reported", 9, 5, 100),
    ("verifying", 6, 20, 100),
    ("filed", 10, 60, 220),
    ("dispatched", 16, 90, 420),
    ("signed", 16, 150, 700),
    ("in_progress", 26, 300, 1300),
    ("fed_back", 14, 350, 1300),
    ("rework", 8, 500, 1300),
    ("returned", 6, 150, 420),
    ("partly", 8, 400, 1300),
    ("appealed", 4, 160, 230),
    ("merged", 12, 90, 220),
)
"""Where open matters stand: how many, and how many office minutes ago they were raised."""
LATE = (("in_progress", 8, 6.6, 9.0), ("signed", 4, 6.2, 8.0), ("dispatched", 2, 12.0, 15.0))
"""Open matters that lie past their date: how many, and how many working days ago they were raised.
They are of classes with a limit of five working days."""
FIVE_DAYS = ("street_lamp", "noise")
LATE_MARK = "late "
OFFICE_DAY = 450
"""Office minutes of a working day."""
ENDS = (
    ("evaluated", 60),
    ("closed", 18),
    ("reworked", 5),
    ("redone", 4),
    ("rejected", 5),
    ("voided", 2),
    ("withdrawn", 2),
    ("suspended", 3),
    ("sent_on", 4),
)
"""How older matters ended, in parts."""
OPEN_FATES = frozenset(name for name, *_ in (*YOUNG, *LATE))
MASTERS = frozenset({"filed", "dispatched", "signed", "in_progress"})
"""Open matters into which another one may be merged."""
RAISER_FATES = frozenset({"evaluated", "redone", "appealed", "withdrawn"})
"""Fates in which the raiser speaks again, and so must be known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One matter to be: where it ends, when it was raised, what it is."""

    county: str
    fate: str
    at: datetime
    class_code: str
    text: str
    place: str
    area: Area
    source: str
    raiser: Scope
    n: int


def seed(world: Any) -> None:
    """Raise the matters in order of time, and let each go as far as its fate leads."""
    plans = sorted(_plans(world), key=lambda plan: plan.at)
    codes = list(texts.SAID)
    world.side_by_side(
        lambda mine, n, of: _live(
            mine, [plan for plan in plans if codes.index(plan.class_code) % of == n]
        )
    )
    knowledge_seeds.seed(world)
    topics_seeds.seed(world)


def _live(world: Any, plans: list[Plan]) -> None:
    before: dict[tuple[str, str], CaseId] = {}
    for start in range(0, len(plans), 25):
        with transaction.atomic():
            some = plans[start : start + 25]
            for plan, case_id in zip(some, _raise(world, some), strict=True):
                known = before.get((plan.county, plan.class_code)) or before.get((plan.county, ""))
                walk = Walk(world, plan.county, plan.class_code, case_id, plan.at)
                walk.raiser, walk.n, walk.before = plan.raiser, plan.n, known
                FATES[plan.fate](walk)
                if plan.fate in MASTERS:
                    before[plan.county, plan.class_code] = before[plan.county, ""] = case_id


# -- what is said ---------------------------------------------------------------------------------


def _plans(world: Any) -> list[Plan]:
    made: list[Plan] = []
    seen: set[str] = set()
    for county, count in SHARES:
        path = registry.get_area(county).path
        villages = registry.list_areas(below=path, levels=(AreaLevel.VILLAGE,))
        for fate, at in _fates(world, county, count):
            made.append(_plan(world, county, fate, at, villages, seen))
    return made


def _fates(world: Any, county: str, count: int) -> list[tuple[str, datetime]]:
    rng, office, now = world.rng, world.office, world.now
    share = count / 600
    found: list[tuple[str, datetime]] = []
    for fate, many, low, high in YOUNG:
        found += [
            (fate, office.after(now, -rng.uniform(low, high)))
            for _ in range(max(1, round(many * share)))
        ]
    for fate, many, least, most in LATE:
        found += [
            (LATE_MARK + fate, office.after(now, -OFFICE_DAY * rng.uniform(least, most)))
            for _ in range(max(1, round(many * share)))
        ]
    fates, weights = zip(*ENDS, strict=True)
    while len(found) < count:
        at = now - timedelta(days=rng.uniform(2.5, DAYS))
        found.append((rng.choices(fates, weights)[0], _awake(at)))
    found += [("tonight", now - timedelta(minutes=rng.uniform(20, 300))) for _ in range(4)]
    return found


def _awake(at: datetime) -> datetime:
    """Move a moment of the small hours to the morning: people sleep."""
    return at + timedelta(hours=8) if at.astimezone(clock.CHINA).hour < 6 else at


def _plan(
    world: Any,
    county: str,
    fate: str,
    at: datetime,
    villages: tuple[Area, ...],
    seen: set[str],
) -> Plan:
    rng = world.rng
    codes = {"tonight": ("water_supply", "power_supply")}.get(
        fate, SLOW if fate in OPEN_FATES else tuple(texts.SAID)
    )
    if fate.startswith(LATE_MARK):
        fate, codes = fate.removeprefix(LATE_MARK), FIVE_DAYS
    code = rng.choice(codes)
    village = rng.choice(villages)
    road = rng.choice(texts.ROADS[county])
    number = rng.randint(1, 260)
    text = ""
    while not text or text in seen:
        text = _say(rng, code, village.name, road, number)
    seen.add(text)
    sources, parts = zip(("phone", PHONE), *SOURCES, strict=True)
    return Plan(
        county=county,
        fate=fate,
        at=at,
        class_code=code,
        text=text,
        place=f"{road}{number}号",
        area=village,
        source="phone" if fate in RAISER_FATES else rng.choices(sources, parts)[0],
        raiser=_raiser(world, county),
        n=len(seen),
    )


def _raiser(world: Any, county: str) -> Scope:
    """Return who says it; the cast's residents seldom: a visitor plays them."""
    known: list[Scope] = world.staff.residents[county]
    weights = [1 if who in world.staff.played else 5 for who in known]
    found: Scope = world.rng.choices(known, weights)[0]
    return found


def _say(rng: Any, code: str, village: str, road: str, number: int) -> str:
    """Put a report together: what, since when, and what is asked."""
    where = names_short(village) + rng.choice(texts.SPOTS)
    what = rng.choice(texts.SAID[code]).format(spot=where, road=road, m=number, n=rng.randint(2, 6))
    rest = [rng.choice(texts.SINCE) + "。", rng.choice(texts.ASKS)]
    return f"{what}，" + "".join(rest) if rng.random() < 0.7 else f"{what}。{rest[1]}"


def names_short(village: str) -> str:
    """Return a village as people call it: 新兴社区, 火炬村."""
    for long in ("居民委员会", "居委会", "村民委员会", "村委会"):
        if village.endswith(long):
            short = village.removesuffix(long)
            kind = "社区" if long.startswith("居") else "村"
            return short if short.endswith(("社区", "村")) else short + kind
    return village


# -- raising --------------------------------------------------------------------------------------


def _raise(world: Any, plans: list[Plan]) -> list[CaseId]:
    """Let residents report by themselves, and take in the rest as the centre does: set-wise."""
    made: dict[int, CaseId] = {}
    for county, _count in SHARES:
        some = [plan for plan in plans if plan.source != "phone" and plan.county == county]
        opened = cases.open_cases(
            [_row(plan) for plan in some],
            scope=world.staff.scope(county, "accept"),
            at=world.now,
            received=[plan.at for plan in some],
        )
        made |= {plan.n: done.case_id for plan, done in zip(some, opened, strict=True)}
    for plan in plans:
        if plan.source == "phone":
            made[plan.n] = report(_said(world, plan), scope=plan.raiser, at=plan.at).case_id
    return [made[plan.n] for plan in plans]


def _row(plan: Plan) -> Raise:
    return Raise(
        kind=APPEAL,
        title=title_of(plan.text),
        text=plan.text,
        class_code=plan.class_code,
        area_path=AreaPath(plan.area.path),
        source=plan.source,
        place=plan.place,
        source_key=f"{plan.source[:3].upper()}{plan.county}{plan.n:05d}",
    )


def _said(world: Any, plan: Plan) -> Report:
    return Report(
        text=plan.text,
        area_code=plan.area.code,
        place=plan.place,
        class_code=plan.class_code,
        photos=(world.photo(plan.n),) if plan.n % 2 else (),
        anonymous=plan.fate not in RAISER_FATES and plan.n % 9 == 0,
    )
