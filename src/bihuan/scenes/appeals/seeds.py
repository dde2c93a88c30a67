"""Invented appeals of two counties over the hundred and twenty days before now, in every state.

The counties began to work with this house a week ago: what was raised since is walked step by step
through its doors, and so is what must touch other matters (a master and those who follow it). What
is older was kept by their old system and was taken over from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, CaseId, Hand, NewReference, Raise
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, AreaLevel, AreaPath, Scope, person_ref
from bihuan.platform import clock
from bihuan.scenes.appeals import seed_texts as texts
from bihuan.scenes.appeals.knowledge import seeds as knowledge_seeds
from bihuan.scenes.appeals.operations import Report, report
from bihuan.scenes.appeals.rules import title_of
from bihuan.scenes.appeals.seed_fates import (
    ANONYMOUS,
    ENDS,
    FEEDS,
    FIVE_DAYS,
    LATE,
    LATE_CLASSES,
    MASTERS,
    QUICK,
    RAISER_FATES,
    SLOW,
    SOURCES,
    TOPICS,
    YOUNG,
)
from bihuan.scenes.appeals.seed_lives import FATES
from bihuan.scenes.appeals.seed_records import Record, take_over
from bihuan.scenes.appeals.seed_rhythm import Rhythm, weigh
from bihuan.scenes.appeals.seed_walks import Walk
from bihuan.scenes.appeals.topics import seeds as topics_seeds

DAYS = 120
LIVE = timedelta(days=7)
"""Since when the counties work with this house."""
SHARES = (("330424", 1800), ("330421", 1200))
OFFICE_DAY = 450
"""Office minutes of a working day."""
LONG_AGO = timedelta(days=45)
MASTER_EVERY = 150
"""Of so many matters, one was told by several people and had followers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One matter to be: where it ends, when it was raised, what it is, who says it."""

    county: str
    fate: str
    at: datetime
    class_code: str
    text: str
    place: str
    area: Area
    source: str
    n: int
    old: bool
    raiser: Scope | None
    """Who raises it by the own phone."""
    caller: Hand | None
    """Who told it to the centre or the old system; None: nobody knows."""


def seed(world: Any) -> None:
    """Take over what is old; raise the rest in order of time, and let each go its way."""
    plans = sorted(_plans(world), key=lambda plan: plan.at)
    codes = list(texts.SAID)
    world.side_by_side(
        lambda mine, n, of: _live(
            mine, [plan for plan in plans if codes.index(plan.class_code) % of == n]
        )
    )
    knowledge_seeds.seed(world)
    topics_seeds.seed(world)
    _petitions(world)


def _live(world: Any, plans: list[Plan]) -> None:
    take_over(world, [_recorded(world, plan) for plan in plans if plan.old])
    before: dict[tuple[str, str], CaseId] = {}
    fresh = [plan for plan in plans if not plan.old]
    for start in range(0, len(fresh), 25):
        with transaction.atomic():
            some = fresh[start : start + 25]
            for plan, case_id in zip(some, _raise(world, some), strict=True):
                known = before.get((plan.county, plan.class_code)) or before.get((plan.county, ""))
                walk = Walk(world, plan.county, plan.class_code, case_id, plan.at)
                walk.raiser, walk.n, walk.before = plan.raiser, plan.n, known
                if plan.fate == "followed":
                    walk.followers = _followers(world, plan)
                FATES[plan.fate](walk)
                if plan.fate in MASTERS:
                    before[plan.county, plan.class_code] = before[plan.county, ""] = case_id


# -- what is said ---------------------------------------------------------------------------------


class _Town:
    """One county while its matters are planned: its places, its people, its rhythm."""

    def __init__(self, world: Any, county: str, numbers: Any, seen: set[str]) -> None:
        self.world, self.county, self.rng = world, county, world.rng
        self.numbers, self.seen = numbers, seen
        path = registry.get_area(county).path
        self.villages = registry.list_areas(below=path, levels=(AreaLevel.VILLAGE,))
        self.weights = weigh(self.rng, self.villages)
        midnight = datetime.combine(
            clock.business_date(world.now) - timedelta(days=DAYS), datetime.min.time(), clock.CHINA
        )
        self.rhythm = Rhythm(self.rng, first=midnight, last=world.now - timedelta(minutes=4))

    def plan(
        self, fate: str, at: datetime, code: str, *, source: str = "", village: Area | None = None
    ) -> Plan:
        """Return one matter: who says what, where, through which door."""
        rng, n = self.rng, next(self.numbers)
        village = village or rng.choices(self.villages, self.weights)[0]
        road, number = rng.choice(texts.ROADS[self.county]), rng.randint(1, 260)
        source = source or self._source(fate, code)
        old = at < self.world.now - LIVE and fate not in {"followed", "supervised"}
        known = source not in FEEDS and (fate in RAISER_FATES or rng.random() >= ANONYMOUS)
        phone = source == "phone" and not old
        return Plan(
            county=self.county,
            fate=fate or self._end(source, at, known=known),
            at=at,
            class_code=code,
            text=self._text(code, village, road, number),
            place=f"{road}{number}号",
            area=village,
            source=source,
            n=n,
            old=old,
            raiser=self.resident() if phone else None,
            caller=self._caller() if known else None,
        )

    def _source(self, fate: str, code: str) -> str:
        if fate in RAISER_FATES:
            return "phone"
        fitting = [(s, w) for s, w, fits in SOURCES if not fits or code in fits]
        names, weights = zip(*fitting, strict=True)
        chosen: str = self.rng.choices(names, weights)[0]
        return chosen

    def _end(self, source: str, at: datetime, *, known: bool) -> str:
        ends = ENDS["nobody" if not known else "phone" if source == "phone" else "told"]
        names, weights = zip(*ends, strict=True)
        chosen: str = self.rng.choices(names, weights)[0]
        if chosen == "suspended" and at < self.world.now - LONG_AGO:
            return "waited"
        return chosen

    def _text(self, code: str, village: Area, road: str, number: int) -> str:
        text = ""
        while not text or text in self.seen:
            text = _say(self.rng, code, village.name, road, number)
        self.seen.add(text)
        return text

    def resident(self) -> Scope:
        """Return who sends a matter by phone; the cast seldom: a visitor plays them."""
        known: list[Scope] = self.world.staff.residents[self.county]
        weights = [3 if who in self.world.staff.played else 5 for who in known]
        found: Scope = self.rng.choices(known, weights)[0]
        return found

    def _caller(self) -> Hand:
        return Hand(self.rng.choice(self.world.staff.callers[self.county]))


def _plans(world: Any) -> list[Plan]:
    made: list[Plan] = []
    numbers, seen = iter(range(1, 100_000)), set[str]()
    for county, count in SHARES:
        town = _Town(world, county, numbers, seen)
        made += [*_open_ones(town, count), *_topics(town)]
        made += _followed_ones(town, count)
        whole = town.rhythm.moments(count - (len(made) if county == SHARES[0][0] else 0))
        for at in whole:
            made.append(town.plan("", at, town.rhythm.class_at(at)))
    return made


def _open_ones(town: _Town, count: int) -> list[Plan]:
    """Return matters that stand open in each state, some of them late."""
    office, now, rng = town.world.office, town.world.now, town.rng
    share, made = count / 3000, []
    for fate, many, low, high in YOUNG:
        for _ in range(max(1, round(many * share))):
            at = office.after(now, -rng.uniform(low, high))
            made.append(town.plan(fate, at, town.rhythm.class_at(at, SLOW)))
    for fate, many, least, most in LATE:
        for _ in range(max(1, round(many * share))):
            at = office.after(now, -OFFICE_DAY * rng.uniform(least, most))
            made.append(_by_hand(town.plan(fate, at, rng.choice(LATE_CLASSES)), town))
    for _ in range(4):
        at = now - timedelta(minutes=rng.uniform(20, 300))
        made.append(town.plan("tonight", at, rng.choice(QUICK[-2:]), source="hotline"))
    return made


def _by_hand(plan: Plan, town: _Town) -> Plan:
    """Let a matter be walked here although it is old: its ladder is climbed here."""
    phone = plan.source == "phone"
    return replace(plan, old=False, raiser=town.resident() if phone else None)


_OF_TOPICS = (("in_progress", 1300), ("reported", 90), ("signed", 900), ("dispatched", 400))
"""How far matters of a topic have come, and how many office minutes ago the oldest was raised."""


def _topics(town: _Town) -> list[Plan]:
    """Return what many people tell at once, in their own words, in the last fortnight."""
    made = []
    for code, place, said in TOPICS.get(town.county, ()):
        village = town.rng.choices(town.villages, town.weights)[0]
        for n, words in enumerate(said):
            fate, long_ago = _OF_TOPICS[n % len(_OF_TOPICS)]
            at = town.world.office.after(town.world.now, -town.rng.uniform(long_ago / 3, long_ago))
            plan = town.plan(fate, at, code, source=("phone", "hotline")[n % 2], village=village)
            made.append(replace(plan, text=words.format(place=place), place=place, old=False))
    return made


def _followed_ones(town: _Town, count: int) -> list[Plan]:
    made = []
    for at in town.rhythm.moments(count // MASTER_EVERY):
        code = town.rhythm.class_at(at, FIVE_DAYS)
        made.append(town.plan("followed", at, code, source="hotline"))
    return made


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


def _recorded(world: Any, plan: Plan) -> tuple[Raise, Record]:
    record = Record(world, plan.county, plan.class_code, who=plan.caller or Hand(), at=plan.at)
    record.raiser, record.n, record.before = None, plan.n, None
    FATES[plan.fate](record)
    return _row(plan), record


def _raise(world: Any, plans: Sequence[Plan]) -> list[CaseId]:
    """Let residents report by themselves, and take in the rest as the centre does: set-wise."""
    made: dict[int, CaseId] = {}
    for county, _count in SHARES:
        some = [plan for plan in plans if plan.raiser is None and plan.county == county]
        opened = cases.open_cases(
            [_row(plan) for plan in some],
            scope=world.staff.scope(county, "accept"),
            at=world.now,
            received=[plan.at for plan in some],
        )
        made |= {plan.n: done.case_id for plan, done in zip(some, opened, strict=True)}
    for plan in plans:
        if plan.raiser is not None:
            made[plan.n] = report(_said(world, plan), scope=plan.raiser, at=plan.at).case_id
    return [made[plan.n] for plan in plans]


def _row(plan: Plan) -> Raise:
    known = plan.caller.person_id if plan.caller is not None else None
    return Raise(
        kind=APPEAL,
        title=title_of(plan.text),
        text=plan.text,
        class_code=plan.class_code,
        area_path=AreaPath(plan.area.path),
        source=plan.source,
        place=plan.place,
        raised_by=person_ref(known) if known is not None else None,
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


def _followers(world: Any, plan: Plan) -> tuple[Callable[[datetime], CaseId], ...]:
    """Return how two to four others tell the same a little later."""

    def raising(k: int) -> Callable[[datetime], CaseId]:
        who = world.rng.choice(world.staff.callers[plan.county])
        begin = world.rng.choice(texts.SAME)
        other = replace(
            plan,
            n=plan.n * 10 + k + 100_000,
            text=begin + plan.text,
            caller=Hand(who),
            source="hotline",
        )

        def act(at: datetime) -> CaseId:
            accept = world.staff.scope(plan.county, "accept")
            return cases.open_case(_row(other), scope=accept, at=at).case_id

        return act

    return tuple(raising(k) for k in range(world.rng.randint(2, 4)))


def _petitions(world: Any) -> None:
    """Link some matters under petition procedure: shown in the one inbox, moved by nobody here."""
    today = clock.business_date(world.now)
    for county, _count in SHARES:
        path = AreaPath(registry.get_area(county).path)
        _handler, unit = world.staff.handler(county, "construction")
        for n, (title, days, told, done) in enumerate(texts.PETITIONS):
            registered = today - timedelta(days=days)
            new = NewReference(
                number=f"{county}-XF-{registered:%y%m}-{n + 1:03d}",
                title=title,
                area_path=path,
                registered_on=registered,
                unit_id=unit,
            )
            accept = world.staff.scope(county, "accept")
            key = cases.link_reference(new, scope=accept, at=world.now)
            told_on = registered + timedelta(days=told) if told else None
            done_on = registered + timedelta(days=done) if done else None
            if told_on:
                cases.note_reference(
                    key, told_on=told_on, completed_on=done_on, scope=accept, at=world.now
                )
