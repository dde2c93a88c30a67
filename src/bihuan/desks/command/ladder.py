"""The overdue ladder: who has been told and when, which rung comes next; the way to instruct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.command import reading
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import MAY_INSTRUCT, OverdueRow
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import MAY_SEE_FIGURES, Rung
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui.words import moment_words, number_words
from bihuan.platform.web.pages import page

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the ladder, with how many stand on it; the way to show only those."""

    words: str
    told: str
    count: str
    href: str
    now: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """An overdue matter: who has it, who was told, what comes next."""

    href: str
    title: str
    number: str
    where: str
    holder: str
    nobody: str
    due: str
    days: str
    told: tuple[str, ...]
    next: str
    supervised: bool
    instruct: str


@dataclass(frozen=True, slots=True)
class LadderPage:
    """The ladder of an area."""

    name: str
    whole: str
    levels: tuple[Level, ...]
    matters: tuple[Overdue, ...]
    more: bool
    rows_href: str
    as_of: str


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show the overdue matters of an area: what nobody holds first, then the worst."""
    scope, at = request.scope, request.at
    wanted = reading.read(request.GET, scope=scope, at=at)
    level, area = request.GET.get("level", ""), AreaPath(wanted.area.path)
    found = cases.list_overdue(scope=scope, at=at, area=area, level=level, limit=SHOWN + 1)
    rungs = indices.list_overdue_rungs(scope=scope, at=at, area=area)
    code = wanted.area.code
    here = _address(code, level)
    shown = LadderPage(
        name=wanted.area.name,
        whole=number_words(sum(rung.count for rung in rungs)),
        levels=_levels(rungs, code, level, at),
        matters=tuple(_overdue(row, here, scope, at) for row in found[:SHOWN]),
        more=len(found) > SHOWN,
        rows_href=f"{reverse('command:rows', args=['overdue_open'])}?area={code}",
        as_of=moment_words(at, at),
    )
    return page(request, "command/ladder.html", shown)


def _address(code: str, level: str) -> str:
    asked = {"area": code} | ({"level": level} if level else {})
    return f"{reverse('command:ladder')}?{urlencode(asked)}"


def _levels(rungs: tuple[Rung, ...], code: str, level: str, at: datetime) -> tuple[Level, ...]:
    words = case_web.ladder_words(at)
    return tuple(
        Level(
            words[rung.code].span,
            words[rung.code].told,
            number_words(rung.count),
            _address(code, "" if rung.code == level else rung.code),
            rung.code == level,
        )
        for rung in rungs
    )


def _overdue(row: OverdueRow, here: str, scope: Scope, at: datetime) -> Overdue:
    told = tuple(
        f"{case_web.rung_words(one.rung)} · {moment_words(one.at, at)} · "
        + "、".join(case_web.told_words(who) for who in one.told)
        for one in row.told[:3]
    )
    instruct = reverse("cases:move", args=[row.id, "supervise"])
    may = scope.has(MAY_INSTRUCT) and not row.supervised and not row.sensitive
    return Overdue(
        href="" if row.sensitive else f"/desk/matter/{row.id}/",
        title=_("a sensitive matter") if row.sensitive else row.title,
        number=row.number,
        where=row.area_name,
        holder=row.holder,
        nobody=_nobody(row),
        due=moment_words(row.due_at, at),
        days=_days(row.days),
        told=told,
        next=_next(row, at),
        supervised=row.supervised,
        instruct=f"{instruct}?{urlencode({'next': here})}" if may else "",
    )


def _nobody(row: OverdueRow) -> str:
    if not row.holder:
        return _("no unit has it: %(state)s") % {"state": case_web.state_words(row.state)}
    return _("nobody holds a post in this unit") if row.leaderless else ""


def _days(days: int) -> str:
    return _("since today") if days == 0 else _("%(n)s working days") % {"n": days}


def _next(row: OverdueRow, at: datetime) -> str:
    if row.next_at is None:
        return _("The highest rung is reached.")
    told = case_web.ladder_words(at)[row.next_level].told
    return _("Next, %(when)s: %(told)s") % {"when": moment_words(row.next_at, at), "told": told}
