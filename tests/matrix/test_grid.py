"""Every move and page of a matter × every role × place × state, against what `grid.py` says.

The full form asks at least 25,000 cells, the short one a sample drawn by a seed. Every cell that is
to be hidden is compared with the same question about a matter that does not exist.
"""

from __future__ import annotations

import copy
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.types import APPEAL, Guard, On, Transition
from bihuan.kernel.ground.registry.testing import ROLES, make_cast
from bihuan.platform import clock
from bihuan.platform.accounts.testing import sign_in
from tests.matrix.grid import HANDLES, POWERS, SEES, Grid, Matter
from tests.matrix.mutants import MUTANTS
from tests.matrix.table import plain, taken_back, word_of
from tests.matrix.world import EVERYONE, NO_ID, NOBODY
from tests.trust import report

pytestmark = [pytest.mark.trust, pytest.mark.django_db]

CELLS = int(os.environ.get("BIHUAN_TRUST_N") or (30_000 if report.is_full() else 500))
SEED = os.environ.get("BIHUAN_TRUST_SEED", "2026-06")
PAGES = ("officer:matter", "appeals:own", "officer:reveal", "cases:verify", "cases:call_back")
KNOWN_GUARDS = {Guard.COVERS_AREA, Guard.RAISER, Guard.OWN_UNIT}
"""Guards that `_stands` decides; where another one stands, a refusal is right too."""
AREA = "3304/"
Words = frozenset[str]
DENIED: Words = frozenset({"forbidden", "fault"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One question, and the answers that are right."""

    who: str
    method: str
    route: str
    args: tuple[Any, ...]
    about: str
    right: Words

    @property
    def absent(self) -> tuple[Any, ...]:
        """Return the same question about what does not exist."""
        return (self.who, self.method, self.route, (NO_ID, *self.args[1:]))


@dataclass(slots=True)
class House:
    """The matters and everybody signed in."""

    grid: Grid
    clients: dict[str, Client]

    def ask(self, who: str, method: str, route: str, args: tuple[Any, ...]) -> HttpResponse:
        """Ask, and take back whatever it wrote."""
        client, path = self.clients[who], reverse(route, args=args)
        cookies = copy.deepcopy(client.cookies)  # a message kept there would show on the next page
        with taken_back():
            answer = client.get(path) if method == "GET" else client.post(path)
            transaction.set_rollback(True)
        client.cookies = cookies
        return answer


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast(at=clock.now())
        clients = {who: sign_in(Client(), cast.account(who)) for who in ROLES}
        yield House(Grid(cast), {NOBODY: Client(), **clients})
        transaction.set_rollback(True)


def _life() -> tuple[Transition, ...]:
    return tuple(kinds.get_kind(APPEAL).life.transitions)


def _right_of_move(row: Transition, matter: Matter, who: str, part: int | None) -> Words:
    """Return what a GET of a move may answer."""
    if who == NOBODY:
        return frozenset({"sign_in"})
    if not matter.seen_by(who) or row.by_hand:
        return frozenset({"hidden"})
    if row.power.removeprefix("cases.") not in POWERS.get(who, frozenset()):
        return frozenset({"forbidden"})
    state = matter.parts[part][1] if part else matter.state
    if state not in {s.value for s in row.source}:
        return frozenset({"fault"})
    if not _stands(row, matter, who, part):
        return frozenset({"forbidden"})
    further = set(row.guards) - KNOWN_GUARDS
    return frozenset({"ok", "forbidden"}) if further else frozenset({"ok"})


def _stands(row: Transition, matter: Matter, who: str, part: int | None) -> bool:
    area, _sensitive = SEES.get(who, ("nowhere", False))
    if Guard.COVERS_AREA in row.guards and not matter.path.startswith(area):
        return False
    if Guard.RAISER in row.guards and matter.raiser != who:
        return False
    own = part is not None and matter.parts[part][0] == HANDLES.get(who)
    return own or Guard.OWN_UNIT not in row.guards


def _posted(right: Words) -> Words:
    """Return the answers to a POST without data where a GET may answer `right`."""
    return (right - {"ok"}) | {"done", "fault"} if "ok" in right else right


def _right_of_page(route: str, matter: Matter, who: str) -> Words:
    if who == NOBODY:
        return frozenset({"sign_in"})
    if route == "officer:matter":
        return frozenset({"ok" if matter.at_work(who) else "hidden"})
    if route == "appeals:own":
        return frozenset({"ok" if matter.seen_by(who) else "hidden"})
    if route == "officer:reveal":
        return frozenset({"ok", "done", "hidden"} if matter.at_work(who) else {"hidden"})
    if not matter.seen_by(who):
        return frozenset({"hidden"})
    power = {"cases:verify": "verify", "cases:call_back": "call_back"}[route]
    return DENIED | {"ok"} if power in POWERS.get(who, frozenset()) else DENIED


def _cells(grid: Grid) -> Iterator[Cell]:
    for matter in grid:
        for who in EVERYONE:
            for route in PAGES:
                right = _right_of_page(route, matter, who)
                yield Cell(who, "GET", route, (matter.id,), matter.name, right)
            yield from _moves(matter, who)


def _moves(matter: Matter, who: str) -> Iterator[Cell]:
    for row in _life():
        if row.name == "dispatch":  # a route of its own, in the table of all routes
            continue
        targets: list[tuple[str, int, int | None]] = [("cases:move", matter.id, None)]
        if row.on is On.PART:
            targets = [("cases:move_part", part, part) for part in matter.parts]
        for route, key, part in targets:
            right = _right_of_move(row, matter, who, part)
            args = (key, str(row.name))
            yield Cell(who, "GET", route, args, matter.name, right)
            yield Cell(who, "POST", route, args, matter.name, _posted(right))


def _sampled(grid: Grid) -> tuple[list[Cell], int]:
    every = list(_cells(grid))
    dice = random.Random(SEED)
    return (every if len(every) <= CELLS else dice.sample(every, CELLS)), len(every)


def _length(answer: HttpResponse) -> int:
    return len(plain(answer.content.decode(errors="replace"), answer.request["PATH_INFO"]))


def test_every_cell_is_as_people_say(house: House) -> None:
    began, wrong, leaks = time.monotonic(), [], []
    cells, whole = _sampled(house.grid)
    absent: dict[tuple[Any, ...], tuple[str, int]] = {}
    denials = 0
    for cell in cells:
        answer = house.ask(cell.who, cell.method, cell.route, cell.args)
        word = word_of(answer)
        if word not in cell.right:
            wrong.append(f"{cell}: got {word}")
        if word != "hidden":
            continue
        denials += 1
        if cell.absent not in absent:
            nothing = house.ask(*cell.absent)
            absent[cell.absent] = word_of(nothing), _length(nothing)
        if absent[cell.absent][0] != word or abs(absent[cell.absent][1] - _length(answer)) > 8:
            leaks.append(f"{cell}: {_length(answer)}, none: {absent[cell.absent]}")
    noticed, tried = _control(house, cells)
    report.tell(
        report.Line(
            "authorization grid: moves and pages of a matter",
            len(cells),
            len(wrong) + len(leaks),
            f"caught {noticed} of {tried} weakened policies",
            time.monotonic() - began,
            SEED,
        ),
        f"{len(cells)} of {whole} cells: {len(list(house.grid))} matters × {len(EVERYONE)} roles × "
        f"pages and moves, GET and POST; wrong answers {len(wrong)}; {denials} denials compared "
        f"with {len(absent)} for what does not exist, existence leaks {len(leaks)}",
    )
    assert wrong == [], "\n".join(wrong[:20])
    assert leaks == [], "\n".join(leaks[:20])
    assert denials > CELLS // 10
    assert noticed == tried


SEEN = (
    "every reader sees every matter",
    "a post sees matters outside its area",
    "a handler sees matters of other units",
    "a resident sees matters of others",
)


def _control(house: House, cells: list[Cell]) -> tuple[int, int]:
    """Weaken who sees what, one line at a time, and ask until it is noticed."""
    noticed = 0
    hidden = [cell for cell in cells if cell.right == {"hidden"} and cell.who != NOBODY]
    for name in SEEN:
        patches = [mock.patch(target, changed) for target, changed in MUTANTS[name][1]]
        for patch in patches:
            patch.start()
        try:
            noticed += any(
                word_of(house.ask(c.who, c.method, c.route, c.args)) not in c.right for c in hidden
            )
        finally:
            for patch in patches:
                patch.stop()
    return noticed, len(SEEN)
