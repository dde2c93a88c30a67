"""Acting for somebody who allows it (代办): their matters, what is added, the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CaseId, CaseView, Filter, MoveName, State, case_ref
from bihuan.kernel.affairs.cases.web import MoveCard
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy.types import Mandate, MandateId
from bihuan.kernel.ground.registry.types import SIGNED_IN, Scope, person_ref
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import due_words
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Line:
    """A matter of somebody for whom one acts."""

    href: str
    title: str
    under: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody for whom one acts, until when, and their matters."""

    name: str
    until: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ActingPage:
    """For whom one acts."""

    principals: tuple[Principal, ...]


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter of somebody else, as who acts for them sees it."""

    view: CaseView
    whose: str
    rail: tuple[values.RailLink, ...]
    state: values.StatePill
    due: values.ExplainedDue | None
    entries: tuple[values.TimelineEntry, ...]
    moves: tuple[MoveCard, ...]
    answered: bool


@step(power=SIGNED_IN, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show for whom one may act now, and their matters."""
    mandates = privacy.list_acting(scope=request.scope, at=request.at)
    shown = ActingPage(tuple(_principal(one, request) for one in mandates))
    return page(request, "appeals/acting.html", shown)


def _principal(mandate: Mandate, request: StepRequest) -> Principal:
    _same, scope = privacy.acting_scope(mandate.id, scope=request.scope, at=request.at)
    wanted = Filter(raised_by=person_ref(mandate.principal.id))
    rows = cases.list_cases(scope=scope, wanted=wanted, at=request.at).rows
    return Principal(
        name=mandate.principal.name,
        until=due_words(mandate.until),
        lines=tuple(
            Line(
                reverse("appeals:for", args=[mandate.id, row.id]),
                row.title,
                f"{row.number} · {case_web.state_words(row.state)}",
            )
            for row in rows
            if mandate.subject in {None, case_ref(row.id)}
        ),
    )


def _view(request: StepRequest, mandate_id: int, case_id: int) -> tuple[Mandate, Scope, CaseView]:
    """Return the matter as its raiser sees it, if the mandate holds for it now."""
    mandate, scope = privacy.acting_scope(MandateId(mandate_id), scope=request.scope, at=request.at)
    view = cases.get_case(CaseId(case_id), scope=scope, at=request.at)
    if mandate.subject not in {None, case_ref(view.id)}:
        raise NotFound("There is no such matter, or it is not in your care.")
    return mandate, scope, view


@step(power=SIGNED_IN, methods=("GET",))
def matter(request: StepRequest, mandate_id: int, case_id: int) -> HttpResponse:
    """Show a matter of somebody for whom one acts."""
    mandate, _scope, view = _view(request, mandate_id, case_id)

    def address(move: MoveName) -> str:
        return reverse("appeals:act_for", args=[mandate_id, case_id, move])

    cards = case_web.move_cards(view, address=address)
    shown = MatterPage(
        view=view,
        whose=mandate.principal.name,
        rail=case_web.rail_of(view),
        state=case_web.state_of(view.state, link=view.link),
        due=case_web.explained_of(view, now=request.at),
        entries=case_web.timeline_of(view, now=request.at, as_raiser=False),
        moves=tuple(card for card in cards if card.name in cases.BY_RECEIPT),
        answered=view.state in {State.CLOSED, State.EVALUATED, State.REJECTED},
    )
    answer = page(request, "appeals/acting_matter.html", shown)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@step(power=SIGNED_IN)
def act(request: StepRequest, mandate_id: int, case_id: int, move: str) -> HttpResponse:
    """Add to a matter or give the verdict for somebody; the history says who did it for whom."""
    mandate, scope, view = _view(request, mandate_id, case_id)
    note = _("(%(agent)s acted for %(principal)s)") % {
        "agent": mandate.agent.name,
        "principal": mandate.principal.name,
    }
    back = reverse("appeals:for", args=[mandate_id, case_id])
    return case_web.make_for(request, view, move, acting=scope, note=note, back=back)
