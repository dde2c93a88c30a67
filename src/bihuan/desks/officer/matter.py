"""The page of a matter: what it is, who does what by when, what may be done, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.looks import card_of
from bihuan.desks.officer.shell import nav_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import (
    Alike,
    CaseId,
    CaseLink,
    CaseView,
    State,
    Template,
)
from bihuan.kernel.affairs.cases.web import MoveCard
from bihuan.kernel.ground.privacy.web import UnmaskCard
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import SIGNED_IN, Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that may be given the matter."""

    value: str
    words: str
    reason: str
    best: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Another matter, as a link."""

    href: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """A matter that may be the same, why, and where it is."""

    href: str
    number: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel that a scene shows beside a matter."""

    template: str
    value: object


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter with its parts, what may be done now, and what happened."""

    view: CaseView
    kind: str
    class_words: str
    state: values.StatePill
    rail: tuple[values.RailLink, ...]
    due: values.ExplainedDue | None
    parts: tuple[values.PartCard, ...]
    moves: tuple[MoveCard, ...]
    may_dispatch: bool
    suggested: tuple[Choice, ...]
    units: tuple[Choice, ...]
    may_verify: bool
    entries: tuple[values.TimelineEntry, ...]
    raised: str
    firm: str
    may_assign: bool
    answerable: str
    notes: tuple[str, ...]
    alike: tuple[AlikeLine, ...]
    attached: tuple[Link, ...]
    codes: str
    may_answer: bool
    templates: tuple[Template, ...]
    may_call_back: bool
    panels: tuple[Shown, ...]
    answers: tuple[Shown, ...]
    """What the scenes show beside the answer: articles that may fit."""
    unmask: UnmaskCard | None
    nav: tuple[values.NavLink, ...]
    who: str
    back: str


@step(power=SIGNED_IN, methods=("GET",))
def matter(request: StepRequest, case_id: int) -> HttpResponse:
    """Show a matter: what it is, who does what by when, what happened."""
    view = cases.get_case_at_work(CaseId(case_id), scope=request.scope, at=request.at)
    may_assign = "assign" in view.moves
    may_dispatch = may_assign or "dispatch" in view.moves
    may_answer = any("feed_back" in part.moves for part in view.parts)
    templates = cases.list_templates(scope=request.scope) if may_answer else ()
    chosen = next((t.words for t in templates if str(t.id) == request.GET.get("reply")), "")
    if may_answer and not chosen:
        chosen = stage.ready_words(request.GET.get("insert", ""), request.scope, request.at)
    moves = case_web.move_cards(view, reply=chosen)
    shown = MatterPage(
        view=view,
        kind=case_web.kind_words(view.kind),
        class_words=_("kind not decided yet") if view.unheard else _(view.class_title),
        state=case_web.state_of(view.state, link=view.link),
        rail=case_web.rail_of(view),
        due=case_web.explained_of(view, now=request.at),
        parts=case_web.part_cards(view, now=request.at),
        moves=moves,
        may_dispatch=may_dispatch,
        suggested=_suggested(view, request.scope) if may_dispatch else (),
        units=_units(view) if may_dispatch else (),
        may_verify="pass" in view.moves,
        entries=case_web.timeline_of(view, now=request.at, own=request.scope.person_id),
        raised=moment_words(view.raised_at, request.at),
        firm=_firm(view),
        may_assign=may_assign,
        answerable=_answerable(view),
        notes=_with_level(_notes(view, request.at), view, request),
        alike=_alike(view, request),
        attached=tuple(_link(other) for other in view.attached),
        codes=" · ".join(f"{case_web.code_words(name)} {code}" for name, code in view.terms.codes),
        may_answer=may_answer,
        templates=templates,
        may_call_back=bool({"call_back", "call_back_missed"} & set(view.moves)),
        panels=_panels("matter", view, request),
        answers=_panels("answer", view, request),
        unmask=card_of(view, request),
        nav=nav_of(request.scope, ""),
        who=who_of(request),
        back=request.get_full_path(),
    )
    return page(request, "officer/matter.html", shown)


def _with_level(notes: tuple[str, ...], view: CaseView, request: StepRequest) -> tuple[str, ...]:
    level = case_web.escalation_note(view, now=request.at)
    return (level, *notes) if level else notes


def _panels(desk: str, view: CaseView, request: StepRequest) -> tuple[Shown, ...]:
    """Return what the scenes show beside a matter, or beside its answer."""
    ready = stage.panels(desk, request.scope)
    found = (Shown(p.panel.template, p.query(view, request.scope, request.at)) for p in ready)
    return tuple(one for one in found if one.value)


def _suggested(view: CaseView, scope: Scope) -> tuple[Choice, ...]:
    units = cases.suggest_units(view.id, scope=scope)[:3]
    return tuple(
        Choice(
            str(unit.id),
            unit.name,
            _("Handles “%(what)s” in %(where)s")
            % {"what": _(view.class_title), "where": view.area_name},
            best=n == 0,
        )
        for n, unit in enumerate(units)
    )


def _units(view: CaseView) -> tuple[Choice, ...]:
    near = [u for u in registry.list_units() if view.area_path.startswith(u.area_path)]
    return tuple(Choice(str(unit.id), unit.name, "", best=False) for unit in near)


def _answerable(view: CaseView) -> str:
    """Return who is responsible now, when no unit has signed yet or another one holds it."""
    lead = next((p for p in view.parts if p.role == "lead" and p.state == "dispatched"), None)
    waits = view.state is State.RETURNED or lead is not None
    if not waits or not view.answerable or (lead and lead.unit_name == view.answerable):
        return ""
    return _("%(unit)s stays responsible until another unit signs.") % {"unit": view.answerable}


def _notes(view: CaseView, at: datetime) -> tuple[str, ...]:
    """Return what stands above a matter: what is asked for, who watches, what it follows."""
    said = [case_web.asked_words(asked) for asked in view.asked]
    if view.watched:
        words = _("Supervised since %(when)s: %(words)s (%(owner)s answers)")
        given = {
            "when": moment_words(view.watched.at, at),
            "words": view.watched.words,
            "owner": view.watched.owner or _("the centre"),
        }
        said.append(words % given)
    if view.master:
        said.append(_("Follows %(number)s.") % {"number": view.master.number})
    if view.reject_reason:
        said.append(case_web.reason_words(view.reject_reason))
    if view.unreasonable:
        said.append(case_web.reason_words(view.unreasonable))
    if view.malicious:
        said.append(_("Confirmed as abuse; it stays out of the rates."))
    if view.repeats:
        said.append(_("The same person raised it %(n)s times more.") % {"n": view.repeats})
    return tuple(said)


def _alike(view: CaseView, request: StepRequest) -> tuple[AlikeLine, ...]:
    if "merge" not in view.moves:
        return ()
    return tuple(
        AlikeLine(
            href=reverse("officer:matter", args=[other.id]),
            number=other.number,
            title=other.title,
            why=" · ".join(_why(other, request.at)),
        )
        for other in cases.list_alike(view.id, scope=request.scope)
    )


def _why(other: Alike, at: datetime) -> list[str]:
    said = [_("%(share)s %% alike") % {"share": round(other.likeness * 100)}]
    if other.same_person:
        said.append(_("the same person"))
    if other.place:
        said.append(other.place)
    return [*said, moment_words(other.raised_at, at)]


def _link(other: CaseLink) -> Link:
    return Link(reverse("officer:matter", args=[other.id]), other.number, other.title)


def _firm(view: CaseView) -> str:
    if view.concerns is None:
        return ""
    found = registry.organisations_by_id([view.concerns])
    return found[view.concerns].name if view.concerns in found else ""
