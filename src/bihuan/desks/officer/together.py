"""Several matters at once: one preview of what happens to each, then it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    MAY_DISPATCH,
    CaseId,
    Fulfilled,
    Planned,
    State,
    Wish,
)
from bihuan.kernel.ground.registry.types import Scope, UnitId
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page

READY = frozenset({State.REPORTED, State.VERIFYING, State.FILED, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be done with a matter."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A matter with what may be done with it; the first option is the suggested one."""

    id: int
    version: int
    href: str
    number: str
    title: str
    place: str
    kind: str
    raised: str
    options: tuple[Option, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TogetherPage:
    """The preview."""

    lines: tuple[PlanLine, ...]
    back: str
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@step(power=MAY_DISPATCH, methods=("POST",))
def preview(request: StepRequest) -> HttpResponse:
    """Show what happens to each of the chosen matters before anything does."""
    back = reverse("officer:worklist") + f"?tray={request.POST.get('tray', 'dispatch')[:12]}"
    chosen = [CaseId(int(key)) for key in request.POST.getlist("case") if key.isdigit()]
    planned = cases.plan_together(chosen[:100], scope=request.scope)
    ready = [plan for plan in planned if plan.state in READY]
    if not ready:
        messages.error(request, _("Choose matters that wait to be taken on or dispatched."))
        return HttpResponseRedirect(back, status=303)
    shown = TogetherPage(
        lines=tuple(_line(plan, request) for plan in ready),
        back=back,
        nav=nav_of(request.scope, ""),
        who=who_of(request),
        place=place_of(request.scope),
    )
    return page(request, "officer/together.html", shown)


def _line(plan: Planned, request: StepRequest) -> PlanLine:
    give = [
        Option(f"unit:{key}", _("Dispatch to %(unit)s") % {"unit": name})
        for key, name in plan.units
    ]
    merge = [
        Option(f"master:{other.id}", _("Merge into %(number)s") % {"number": other.number})
        for other in plan.alike
    ]
    return PlanLine(
        id=plan.id,
        version=plan.version,
        href=reverse("officer:matter", args=[plan.id]),
        number=plan.number,
        title=plan.title,
        place=plan.place,
        kind=_(plan.class_title),
        raised=moment_words(plan.raised_at, request.at),
        options=(*give[:1], *merge, Option("", _("Leave it for now")), *give[1:]),
        same=tuple(
            _("%(number)s %(title)s, %(share)s %% alike")
            % {
                "number": other.number,
                "title": other.title,
                "share": round(other.likeness * 100),
            }
            for other in plan.alike
        ),
    )


@step(power=MAY_DISPATCH, methods=("POST",))
def carry_out(request: StepRequest) -> HttpResponse:
    """Do what the preview showed, and tell what could not be done."""
    wishes = _wishes(request)
    back = request.POST.get("back", "")
    back = back if back.startswith(reverse("officer:worklist")) else reverse("officer:worklist")

    def act(scope: Scope) -> dict[str, list[list[str]]]:
        done = cases.dispatch_together(wishes, scope=scope, at=request.at)
        return {"done": [_told(one) for one in done]}

    try:
        answer = perform_form(request, name="cases.dispatch_together", effect=act).answer
    except Refused as refused:
        messages.error(request, refused.spoken())
        return HttpResponseRedirect(back, status=303)
    _say(request, answer["done"])
    return HttpResponseRedirect(back, status=303)


def _told(one: Fulfilled) -> list[str]:
    return [one.number, one.state.value if one.state else "", one.refusal]


def _say(request: StepRequest, told: list[list[str]]) -> None:
    merged = sum(state == "merged" for _number, state, _refusal in told)
    given = sum(bool(state) for _number, state, _refusal in told) - merged
    if given:
        words = ngettext("%(n)s matter dispatched.", "%(n)s matters dispatched.", given)
        messages.success(request, words % {"n": given})
    if merged:
        words = ngettext("%(n)s matter merged.", "%(n)s matters merged.", merged)
        messages.success(request, words % {"n": merged})
    for number, _state, refusal in told:
        if refusal:
            messages.error(request, f"{number}: {refusal}")


def _wishes(request: StepRequest) -> list[Wish]:
    wishes = []
    for given in request.POST.getlist("case"):
        key, _bar, version = given.partition(":")
        what, _bar, target = request.POST.get(f"do_{key}", "").partition(":")
        if not (key.isdigit() and version.isdigit() and target.isdigit()):
            continue
        wishes.append(
            Wish(
                CaseId(int(key)),
                int(version),
                unit_id=UnitId(int(target)) if what == "unit" else None,
                master_id=CaseId(int(target)) if what == "master" else None,
            )
        )
    return wishes
