"""The page of an area: its index on tracks, its firms by colour, what is overdue, the way up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.command import bars
from bihuan.desks.command.bars import Bar, CodeCount
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, Scope
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.types import MAY_SEE_FIGURES, AreaIndex, FigureCode, FirmLine, Row
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import clock_words, day_words, moment_words
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page

OVERDUE = FigureCode("overdue_open")
OVERDUE_SHOWN = 10
FIRMS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm with a red or yellow code."""

    badge: values.CodeBadge
    name: str
    reasons: str
    since: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A matter past its due time."""

    href: str
    title: str
    number: str
    where: str
    holder: str
    due: str


@dataclass(frozen=True, slots=True)
class Up:
    """An area above, or the wall."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class TownPage:
    """An area's index with its components, its firms, what is overdue in it."""

    name: str
    index: str
    components: tuple[Bar, ...]
    version: str
    as_of: str
    up: tuple[Up, ...]
    codes: tuple[CodeCount, ...]
    firms: tuple[Firm, ...]
    firms_in_all: int
    matters: tuple[Overdue, ...]
    more: bool
    rows_href: str
    figures_href: str


@step(power=MAY_SEE_FIGURES, methods=("GET",))
def index(request: StepRequest, code: str) -> HttpResponse:
    """Show an area's index, always with its components, and what stands behind it."""
    scope, at = request.scope, request.at
    area = registry.find_area(code)
    if area is None:
        raise NotFound("There is no such area in your care.")
    found = indices.get_index(area.path, scope=scope, at=at)
    firms = indices.list_coloured_firms(scope=scope, at=at, area=area.path, limit=FIRMS_SHOWN)
    late = indices.list_rows(OVERDUE, scope=scope, at=at, area=area.path, limit=OVERDUE_SHOWN + 1)
    return page(request, "command/town.html", _shown(area, found, firms, late, scope, at))


def _shown(
    area: Area,
    found: AreaIndex,
    firms: tuple[FirmLine, ...],
    late: tuple[Row, ...],
    scope: Scope,
    at: datetime,
) -> TownPage:
    return TownPage(
        name=found.area_name,
        index="—" if found.value is None else f"{found.value:.1f}",
        components=tuple(bars.component(c) for c in found.components),
        version=found.version,
        as_of=clock_words(found.as_of),
        up=_up(area, scope),
        codes=bars.codes(dict(found.colours)),
        firms=tuple(_firm(firm) for firm in firms),
        firms_in_all=sum(count for colour, count in found.colours if colour != "green"),
        matters=tuple(_matter(row, at) for row in late[:OVERDUE_SHOWN]),
        more=len(late) > OVERDUE_SHOWN,
        rows_href=f"{reverse('command:rows', args=[OVERDUE])}?area={area.code}",
        figures_href=f"{reverse('command:figures')}?area={area.code}",
    )


def _up(area: Area, scope: Scope) -> tuple[Up, ...]:
    above = [a for a in registry.list_areas_above(area.path) if a.code != area.code]
    ways = [
        Up(reverse("command:index", args=[a.code]), a.name) for a in above if scope.covers(a.path)
    ]
    return (Up(reverse("command:wall"), _("The wall")), *ways)


def _firm(firm: FirmLine) -> Firm:
    words = bars.code_words(firm.colour)
    badge = values.CodeBadge(firm.colour, words, score=firm.score, size=22)
    reasons = _("%(n)s reasons") % {"n": firm.reasons}
    since = _("since %(day)s") % {"day": day_words(firm.since.date())}
    return Firm(badge, firm.name or _("a firm here"), reasons, since)


def _matter(row: Row, at: datetime) -> Overdue:
    return Overdue(
        href=f"/desk/matter/{row.key}/",
        title=_("a sensitive matter") if row.sensitive else row.title,
        number=row.number,
        where=row.where,
        holder=row.holder or "—",
        due=moment_words(row.due_at, at) if row.due_at else "—",
    )
