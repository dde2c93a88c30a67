"""Invented appeals over the sixty days before now, in every state, made through the doors."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CaseId, Detail, MoveName, NewPart, PartId, Role
from bihuan.kernel.ground.registry.types import Scope, UnitId
from bihuan.scenes.appeals.operations import Report, report

COUNT = 260
DAYS = 60

SAYINGS: tuple[tuple[str, str, str], ...] = (
    ("street_lamp", "{road}路灯{n}盏不亮，晚上看不清路。", "换了{n}盏灯头，试灯正常。"),
    ("rubbish", "{road}公交站旁垃圾堆了{n}天，有异味。", "清运两车，已消杀。"),
    ("street_order", "{road}菜场门口占道摆摊，早上走不过去。", "劝离摊位{n}个，留人值守一周。"),
    ("illegal_building", "{road}{n}号顶楼在搭建阳光房。", "现场停工，已立案。"),
    ("corridor", "{road}{n}幢楼道堆满纸箱和电瓶车。", "清出楼道杂物，上门告知住户。"),
    ("noise", "{road}工地夜里十一点还在施工，很吵。", "约谈施工方，夜间停工。"),
    ("road", "{road}{n}号门前路面塌陷，电动车容易翻。", "已回填并铺沥青。"),
    ("other", "{road}的宣传栏坏了半年，没人修。", "已更换宣传栏玻璃。"),
)
ROADS = ("秦山路", "新桥北路", "枣园路", "海兴路", "盐北路", "勤俭路", "城西路", "百尺路", "海滨路")
AREAS = (
    "330424001",
    "330424002",
    "330424004",
    "330424005",
    "330424005004",
    "330424103",
    "330424101",
)
SURE_OF = {"corridor": "fire"}
"""Which class goes to another unit than urban management."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does what in the world's county."""

    acceptor: Scope
    dispatcher: Scope
    handlers: dict[str, tuple[Scope, UnitId]]
    verifier: Scope
    residents: tuple[Scope, ...]


def seed(world: Any) -> None:
    """Raise the matters and let each go as far as its age and luck bring it."""
    hands = _hands(world)
    for n in range(COUNT):
        age = timedelta(days=DAYS * (1 - (n + 1) / COUNT), hours=world.rng.uniform(0, 5))
        _one(world, hands, n, world.now - age)


def _hands(world: Any) -> Hands:
    cast = world.cast
    handlers = {
        line: (cast.scope(who), cast.unit(f"330424-{who}").id)
        for line, who in (("zongzhi", "zongzhi"), ("fire", "fire"))
    }
    return Hands(
        cast.scope("tao"),
        cast.scope("mei"),
        handlers,
        cast.scope("verifier"),
        (cast.scope("lu"), cast.scope("zhou")),
    )


def _one(world: Any, hands: Hands, n: int, at: datetime) -> None:
    rng = world.rng
    code, saying, answer = SAYINGS[n % len(SAYINGS)]
    words = {"road": rng.choice(ROADS), "n": rng.randint(2, 9)}
    said = Report(
        text=saying.format(**words),
        area_code=rng.choice(AREAS),
        place=f"{words['road']}{rng.randint(1, 220)}号",
        class_code=code,
        photos=(world.photo(n),) if n % 3 == 0 else (),
        anonymous=n % 5 == 0,
    )
    opened = report(said, scope=hands.residents[n % len(hands.residents)], at=at)
    if n >= COUNT - 6:
        return
    walk = Walk(world, hands, opened.case_id, at)
    walk.go(code, answer.format(**words), n)


class Walk:
    """One matter's way, each step some hours after the one before and never after now."""

    def __init__(self, world: Any, hands: Hands, case_id: CaseId, at: datetime) -> None:
        self.world, self.hands, self.case_id, self.at = world, hands, case_id, at

    def later(self, low: float, high: float) -> bool:
        """Let some hours pass; return whether that is still before now."""
        self.at += timedelta(hours=self.world.rng.uniform(low, high))
        return bool(self.at < self.world.now)

    def move(self, name: str, scope: Scope, **detail: Any) -> None:
        """Make one move on the matter."""
        cases.move_case(
            self.case_id, move=MoveName(name), scope=scope, at=self.at, detail=Detail(**detail)
        )

    def part(self, part_id: PartId, name: str, scope: Scope, **detail: Any) -> None:
        """Make one move on the part."""
        cases.move_part(
            part_id, move=MoveName(name), scope=scope, at=self.at, detail=Detail(**detail)
        )

    def go(self, code: str, answer: str, n: int) -> None:
        """Go as far as time allows; some are rejected, suspended, returned or slow."""
        if not self.later(0.2, 2.5):
            return
        if n % 29 == 7:
            words = "这件事在法院审理，请问承办法官。"
            self.move("reject", self.hands.acceptor, reason="in_procedure", words=words)
            return
        self.move("file", self.hands.acceptor)
        if not self.later(0.2, 4):
            return
        scope, unit = self.hands.handlers[SURE_OF.get(code, "zongzhi")]
        done = cases.dispatch_case(
            self.case_id, parts=[NewPart(unit, Role.LEAD)], scope=self.hands.dispatcher, at=self.at
        )
        assert done.part_id is not None
        self._handle(done.part_id, scope, answer, n)

    def _handle(self, part_id: PartId, scope: Scope, answer: str, n: int) -> None:
        if not self.later(1, 20) or n % 37 == 5:
            return
        self.part(part_id, "sign", scope)
        if not self.later(1, 12):
            return
        self.part(part_id, "start", scope, words="到场看过，已安排人手。")
        if n % 31 == 3:
            review = self.at + timedelta(days=20)
            self.move("suspend", self.world.cast.scope("duty"), reason="weather", review_at=review)
            return
        if not self.later(4, 60) or n % 23 == 11:
            return
        photo = self.world.photo(n, done=True)
        self.part(part_id, "feed_back", scope, words=answer, photos=(photo,))
        self._verify(n)

    def _verify(self, n: int) -> None:
        if not self.later(2, 30):
            return
        check = cases.Check(visit_id=uuid.UUID(int=self.world.rng.getrandbits(128)), cleared=True)
        cases.verify_case(self.case_id, check, scope=self.hands.verifier, at=self.at)
        if n % 5 == 0 or not self.later(3, 40):
            return
        rating = self.world.rng.choices(
            ("satisfied", "fairly_satisfied", "neutral", "unsatisfied"), (60, 30, 6, 4)
        )[0]
        self.move("evaluate", self.hands.residents[n % 2], rating=rating)
