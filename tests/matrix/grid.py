"""Matters in every state and place, and who may do what with them, said without the product's code.

Who sees a matter follows from `SEES` and `HANDLES` below, which people can read; when a move may be
made follows from the table of the life of a matter. Neither asks a policy, a scope or a guard.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case, Part
from bihuan.kernel.affairs.cases.types import CaseId, Detail, MoveName, NewPart, PartId, Role
from bihuan.kernel.ground.registry.testing import Cast
from bihuan.platform import clock
from bihuan.scenes.appeals.operations import Report, report
from tests.matrix.world import photo

HAIYAN, JIASHAN = "3304/330424/", "3304/330421/"
SEES: dict[str, tuple[str, bool]] = {
    # who: below which area, and whether matters of sensitive classes too
    "tao": (HAIYAN, True),
    "mei": (HAIYAN, True),
    "duty": (HAIYAN, True),
    "verifier": (HAIYAN, True),
    "leader": (HAIYAN, False),
    "auditor": (HAIYAN, False),
    "city": ("3304/", False),
    "js_mei": (JIASHAN, True),
    "js_tao": (JIASHAN, True),
    "js_check": (JIASHAN, True),
    "gu": ("3304/330421/330421003/330421003E01/330421003E01003/", True),
    "gu_leader": ("3304/330421/330421003/330421003E01/", True),
    "other_gu": ("3304/330421/330421003/330421003E01/330421003E01004/", True),
}
HANDLES = {
    "zongzhi": "330424-zongzhi",
    "fire": "330424-fire",
    "wrong": "330421-zongzhi",
    "js_fire": "330421-fire",
}
POWERS: dict[str, frozenset[str]] = {
    "tao": frozenset({"accept", "call_back"}),
    "mei": frozenset({"accept", "dispatch"}),
    "duty": frozenset({"supervise", "instruct", "call_back"}),
    "leader": frozenset({"instruct"}),
    "city": frozenset({"instruct"}),
    "verifier": frozenset({"verify"}),
    "js_mei": frozenset({"accept", "dispatch"}),
    "js_tao": frozenset({"accept", "call_back"}),
    "js_check": frozenset({"verify"}),
    "gu": frozenset({"verify"}),
    "gu_leader": frozenset({"verify"}),
    "other_gu": frozenset({"verify"}),
    **dict.fromkeys(HANDLES, frozenset({"handle"})),
    "lu": frozenset({"see_own"}),
    "zhou": frozenset({"see_own"}),
    "shen": frozenset({"see_own", "say_done"}),
}
"""What each post does with matters; who is not named does nothing with them."""


@dataclass(slots=True)
class Matter:
    """One matter: where it lies, how far it is, who raised it, which units handle it."""

    name: str
    id: CaseId
    path: str
    state: str
    raiser: str
    sensitive: bool
    units: frozenset[str] = frozenset()
    parts: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Each part: its unit and its state."""

    def at_work(self, who: str) -> bool:
        """Return whether somebody works on it."""
        area, sensitive = SEES.get(who, ("nowhere", False))
        by_area = self.path.startswith(area) and (sensitive or not self.sensitive)
        return by_area or HANDLES.get(who, "") in self.units

    def seen_by(self, who: str) -> bool:
        """Return whether somebody may know of it."""
        return self.at_work(who) or self.raiser == who


@dataclass(frozen=True, slots=True)
class Place:
    """A place with who works there."""

    name: str
    area: str
    clerk: str
    second: str
    checker: str
    handler: str
    raiser: str


PLACES = (
    Place("望海街道", "330424005", "mei", "tao", "verifier", "zongzhi", "lu"),
    Place("a neighbouring town", "330424001", "mei", "tao", "verifier", "fire", "zhou"),
    Place("嘉善", "330421003", "js_mei", "js_tao", "js_check", "js_fire", "zhou"),
    Place("a grid of 嘉善", "330421003E01003", "js_mei", "js_tao", "js_check", "wrong", "lu"),
)
WAIT = {"reason": "weather"}
WAYS: dict[str, tuple[str, ...]] = {
    "reported": (),
    "verifying": ("check_first",),
    "rejected": ("reject",),
    "appealed": ("reject", "appeal"),
    "withdrawn": ("withdraw",),
    "filed": ("file",),
    "dispatched": ("file", "dispatch"),
    "returned": ("file", "dispatch", "return"),
    "signed": ("file", "dispatch", "sign"),
    "in_progress": ("file", "dispatch", "sign", "start"),
    "fed_back": ("file", "dispatch", "feed_back"),
    "rework": ("file", "dispatch", "feed_back", "fail"),
    "closed": ("file", "dispatch", "feed_back", "pass"),
    "evaluated": ("file", "dispatch", "feed_back", "pass", "evaluate"),
    "suspended": ("file", "dispatch", "sign", "suspend"),
    "voided": ("void",),
}
BY_DUTY_OFFICER = {"suspended", "voided"}
"""Reached with a duty officer; the county of 嘉善 has none in the cast."""


class Grid:
    """The world of matters."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.at = cast, clock.now()
        self.matters = [
            self._made(place, state)
            for place in PLACES
            for state in WAYS
            if place.clerk == "mei" or state not in BY_DUTY_OFFICER
        ]
        self.matters.append(self._made(PLACES[0], "dispatched", kind="wages"))

    def _made(self, place: Place, state: str, kind: str = "street_lamp") -> Matter:
        said = Report(f"{place.name}{state}{kind}灯", place.area, class_code=kind)
        case = report(said, scope=self.cast.scope(place.raiser), at=self.at).case_id
        for move in WAYS[state]:
            self._move(case, place, move)
        row = Case.objects.get(pk=case)
        parts = Part.objects.filter(case_id=case).select_related("unit")
        return Matter(
            f"{state} {kind} in {place.name}",
            case,
            row.area_path,
            row.state,
            place.raiser,
            row.sensitive,
            frozenset(p.unit.code for p in parts),
            {p.pk: (p.unit.code, p.state) for p in parts},
        )

    def _move(self, case: CaseId, place: Place, move: str) -> None:
        at = self.at
        if move == "dispatch":
            unit = self.cast.unit(HANDLES[place.handler]).id
            scope = self.cast.scope(place.clerk)
            cases.dispatch_case(case, parts=[NewPart(unit, Role.LEAD)], scope=scope, at=at)
        elif move in {"pass", "fail"}:
            check = cases.Check(visit_id=uuid.uuid4(), cleared=move == "pass", words="已看")
            cases.verify_case(case, check, scope=self.cast.scope(place.checker), at=at)
        elif move in {"return", "sign", "start", "feed_back"}:
            detail = Detail(words="换了灯", reason="按职责清单", photos=self._photos(move))
            part, scope = Part.objects.get(case_id=case).pk, self.cast.scope(place.handler)
            cases.move_part(PartId(part), move=MoveName(move), scope=scope, at=at, detail=detail)
        else:
            self._move_case(case, place, move)

    def _photos(self, move: str) -> tuple[str, ...]:
        return (photo("gold"),) if move == "feed_back" else ()

    def _move_case(self, case: CaseId, place: Place, move: str) -> None:
        who = {
            "appeal": place.raiser,
            "withdraw": place.raiser,
            "evaluate": place.raiser,
            "suspend": "duty",
            "void": "duty",
        }.get(move, place.clerk)
        more: dict[str, Any] = {"reason": "unclear", "words": "没有说清"}
        if move == "suspend":
            more = {"reason": "weather", "review_at": self.at + timedelta(days=9)}
        if move == "evaluate":
            more = {"rating": "satisfied"}
        cases.move_case(
            case,
            move=MoveName(move),
            scope=self.cast.scope(who),
            at=self.at,
            detail=Detail(**more),
        )

    def __iter__(self) -> Iterator[Matter]:
        return iter(self.matters)
