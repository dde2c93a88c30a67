"""Making moves from forms: one page for each move, which also shows what is to be mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.rules import find_transition
from bihuan.kernel.affairs.cases.types import (
    CaseId,
    CaseView,
    Detail,
    KindCode,
    MoveName,
    NewPart,
    On,
    PartId,
    Role,
    Transition,
)
from bihuan.kernel.affairs.cases.web import words
from bihuan.kernel.affairs.cases.web.moves import MoveForm
from bihuan.kernel.affairs.cases.web.photos import receive_photos
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import SIGNED_IN, Scope, UnitId
from bihuan.kernel.ground.registry.web import StepRequest, perform_form, step
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page

LACKING = 422
"""The form lacks something: the matter's page says so. Every other refusal keeps its own status."""


@dataclass(frozen=True, slots=True)
class MovePage:
    """One move: its words, its form, what is wrong, and the way back."""

    title: str
    number: str
    matter: str
    form: MoveForm
    fault: str
    back: str


def back_of(request: StepRequest, fallback: str) -> str:
    """Return the page to go back to; only our own pages count."""
    target = request.POST.get("next") or request.GET.get("next") or fallback
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return fallback


def back_to(request: StepRequest, case_id: CaseId) -> str:
    """Return the page to go back to: the matter at the desk for who works on it, or home."""
    named = back_of(request, "")
    if named:
        return named
    works = cases.works_on(case_id, scope=request.scope)
    return f"/desk/matter/{case_id}/" if works else "/"


@step(power=SIGNED_IN)
def move(request: StepRequest, case_id: int, move: str) -> HttpResponse:
    """Move a matter."""
    view = cases.get_case(CaseId(case_id), scope=request.scope, at=request.at)
    row = _row(view, move, On.CASE)

    def may() -> None:
        cases.require_open(view.id, [row.name], scope=request.scope, at=request.at)

    def act(scope: Any, detail: Detail) -> dict[str, Any]:
        done = cases.move_case(view.id, move=row.name, scope=scope, at=request.at, detail=detail)
        return {"case": done.case_id, "state": done.state.value}

    return _make(request, view, row, may, act)


@step(power=SIGNED_IN)
def move_part(request: StepRequest, part_id: int, move: str) -> HttpResponse:
    """Move one unit's part."""
    view = cases.get_case_of_part(PartId(part_id), scope=request.scope)
    row = _row(view, move, On.PART)

    def may() -> None:
        part = PartId(part_id)
        cases.require_open(view.id, [row.name], part_id=part, scope=request.scope, at=request.at)

    def act(scope: Any, detail: Detail) -> dict[str, Any]:
        done = cases.move_part(
            PartId(part_id), move=row.name, scope=scope, at=request.at, detail=detail
        )
        return {"case": done.case_id, "state": done.state.value}

    return _make(request, view, row, may, act)


def make_by_receipt(request: StepRequest, number: str, code: str, move: str) -> HttpResponse:
    """Make a move for whoever holds number and receipt code; the scene's step calls it."""
    view = cases.get_case_by_receipt(number, code, scope=request.scope, at=request.at)
    row = _row(view, move, On.CASE)

    def may() -> None:
        cases.require_open_by_receipt(view.id, row.name, scope=request.scope, at=request.at)

    def act(scope: Any, detail: Detail) -> dict[str, Any]:
        done = cases.move_by_receipt(
            number, code, move=row.name, scope=scope, at=request.at, detail=detail
        )
        return {"case": done.case_id, "state": done.state.value}

    return _make(request, view, row, may, act)


def make_for(
    request: StepRequest, view: CaseView, move: str, *, acting: Scope, note: str, back: str
) -> HttpResponse:
    """Make a move for somebody else, by a scope that says so; `note` stands with the words."""
    if move not in cases.BY_RECEIPT:
        raise NotFound("There is no such step.")
    row = _row(view, move, On.CASE)

    def may() -> None:
        cases.require_open(view.id, [row.name], scope=acting, at=request.at)

    def act(scope: Scope, detail: Detail) -> dict[str, Any]:
        said = replace(detail, words=f"{detail.words.strip()}{note}")
        by = acting.through(replace(acting.origin, command_id=scope.origin.command_id))
        done = cases.move_case(view.id, move=row.name, scope=by, at=request.at, detail=said)
        return {"case": done.case_id, "state": done.state.value}

    return _make(request, view, row, may, act, back=back)


def _row(view: CaseView, move_name: str, on: On) -> Transition:
    life = kinds.get_kind(KindCode(view.kind)).life
    row = find_transition(life, MoveName(move_name), on=on)
    if row is None or row.by_hand:
        raise NotFound("There is no such step.")
    return row


def _make(
    request: StepRequest,
    view: CaseView,
    row: Transition,
    may: Callable[[], None],
    act: Any,
    *,
    back: str = "",
) -> HttpResponse:
    back = back or back_to(request, view.id)
    if request.method != "POST":
        may()
        return _show(request, view, row, MoveForm(row, terms=view.terms), "", back)
    form = MoveForm(row, request.POST, request.FILES, terms=view.terms)
    if not form.is_valid():
        may()
        return _show(request, view, row, form, "", back, status=422)
    try:
        photos = receive_photos(form.cleaned_data.get("photos", ()), at=request.at)
        detail = _detail(request, form, photos)
        perform_form(request, name=f"cases.{row.name}", effect=lambda scope: act(scope, detail))
    except Refused as refused:
        return _show(request, view, row, form, refused.spoken(), back, status=refused.status)
    said = _("%(number)s: %(told)s") % {"number": view.number, "told": words.TOLD[row.name]}
    messages.success(request, said)
    return HttpResponseRedirect(back, status=303)


def _detail(request: StepRequest, form: MoveForm, photos: tuple[str, ...]) -> Detail:
    given = form.detail_values()
    number = given.pop("master", "")
    if number:
        master = cases.find_by_number(number, scope=request.scope)
        if master is None:
            raise NotFound("There is no matter with this number in your care.")
        given["master_id"] = master
    unit = given.pop("suggested_unit", "")
    if unit:
        given["suggested_unit"] = _unit_called(unit)
    return Detail(photos=photos, **given)


def _unit_called(name: str) -> UnitId:
    """Return the unit that somebody named.

    Raises:
        Refused: no unit is called so.
    """
    found = [unit for unit in registry.list_units() if unit.name == name.strip()]
    if not found:
        raise Refused("No unit is called so. Choose it from the list, or leave it empty.")
    return found[0].id


def _show(
    request: StepRequest,
    view: CaseView,
    row: Transition,
    form: MoveForm,
    fault: str,
    back: str,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = MovePage(words.move_words(row.name), view.number, view.title, form, fault, back)
    return page(request, "cases/move.html", shown, status=status)


@step(power=SIGNED_IN, methods=("POST",))
def dispatch(request: StepRequest, case_id: int) -> HttpResponse:
    """Give a matter to a lead unit and co-handlers, or assign it after a joint review."""
    back = back_of(request, f"/desk/matter/{case_id}/")
    parts = _parts(request)
    review = request.POST.get("review", "")

    def act(scope: Any) -> dict[str, Any]:
        chosen = CaseId(case_id)
        if "review" in request.POST:
            done = cases.assign_case(chosen, parts=parts, review=review, scope=scope, at=request.at)
        else:
            done = cases.dispatch_case(chosen, parts=parts, scope=scope, at=request.at)
        return {"case": done.case_id, "state": done.state.value}

    try:
        perform_form(request, name="cases.dispatch", effect=act)
    except Refused as refused:
        if refused.status != LACKING:
            raise
        messages.error(request, refused.spoken())
        return HttpResponseRedirect(back, status=303)
    messages.success(request, _("Dispatched."))
    return HttpResponseRedirect(back, status=303)


def _parts(request: StepRequest) -> list[NewPart]:
    task = request.POST.get("task", "")
    lead = request.POST.get("lead", "")
    helpers = [unit for unit in request.POST.getlist("co") if unit.isdigit() and unit != lead]
    parts = [NewPart(UnitId(int(lead)), Role.LEAD, task)] if lead.isdigit() else []
    return parts + [NewPart(UnitId(int(unit)), Role.CO_HANDLER) for unit in helpers]
