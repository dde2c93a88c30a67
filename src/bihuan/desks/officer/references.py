"""Petitions (信访件) in the one inbox, with the limits of their own regulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import MAY_ACCEPT, NewReference, Reference, ReferenceId
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, required=required)


class LinkForm(forms.Form):
    """A petition as its own system knows it."""

    number = forms.CharField(label=gettext_lazy("Number of the petition"), max_length=40)
    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=120)
    area = forms.CharField(label=gettext_lazy("Code of the town or village"), max_length=20)
    registered_on = _day(gettext_lazy("Registered on"))
    case_number = forms.CharField(
        label=gettext_lazy("Number of a matter about the same"), max_length=20, required=False
    )


class NoteForm(forms.Form):
    """What the procedure's own system reports."""

    told_on = _day(gettext_lazy("Raiser told on"), required=False)
    completed_on = _day(gettext_lazy("Completed on"), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Extended by days"), min_value=1, max_value=30, required=False
    )
    words = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A petition as a line."""

    reference: Reference
    badge: values.Deadline | None
    form: NoteForm


@dataclass(frozen=True, slots=True)
class ReferencesPage:
    """The petitions, and the form that links one."""

    rows: tuple[Row, ...]
    form: LinkForm
    fault: str
    text: str
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@step(power=MAY_ACCEPT)
def references(request: StepRequest) -> HttpResponse:
    """List petitions; link one."""
    if request.method != "POST":
        return _show(request, LinkForm(), "")
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _show(request, form, "", status=422)
    try:
        new = _new(form.cleaned_data)
        perform_form(
            request,
            name="cases.link_reference",
            effect=lambda scope: {"id": cases.link_reference(new, scope=scope, at=request.at)},
        )
    except Refused as refused:
        return _show(request, form, refused.spoken(), status=refused.status)
    messages.success(request, _("Linked. It keeps the limits of its own regulation."))
    return HttpResponseRedirect(reverse("officer:references"), status=303)


def _new(given: dict[str, Any]) -> NewReference:
    area = registry.find_area(given["area"].strip())
    if area is None:
        raise Refused("There is no area with this code.", field="area")
    return NewReference(
        number=given["number"],
        title=given["title"],
        area_path=AreaPath(area.path),
        registered_on=given["registered_on"],
        case_number=given["case_number"],
    )


@step(power=MAY_ACCEPT, methods=("POST",))
def note(request: StepRequest, reference_id: int) -> HttpResponse:
    """Note what the procedure's own system reports."""
    form = NoteForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("One of the days or the number of days is not right.")
        effect = _effect(request, ReferenceId(reference_id), form.cleaned_data)
        perform_form(request, name="cases.note_reference", effect=effect)
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("officer:references"), status=303)


def _effect(
    request: StepRequest, reference_id: ReferenceId, given: dict[str, Any]
) -> Callable[[Scope], dict[str, str]]:
    def act(scope: Scope) -> dict[str, str]:
        if given["days"]:
            cases.extend_reference(
                reference_id, days=given["days"], words=given["words"], scope=scope, at=request.at
            )
        if given["told_on"] or given["completed_on"] or not given["days"]:
            days = {key: given[key] for key in ("told_on", "completed_on")}
            cases.note_reference(reference_id, **days, scope=scope, at=request.at)
        return {}

    return act


def _show(request: StepRequest, form: LinkForm, fault: str, *, status: int = 200) -> HttpResponse:
    text = request.GET.get("q", "")[:60]
    found = cases.list_references(scope=request.scope, text=text)
    today = clock.business_date(request.at)
    shown = ReferencesPage(
        rows=tuple(
            Row(one, _badge(one, today), NoteForm(auto_id=f"ref-{one.id}-%s")) for one in found
        ),
        form=form,
        fault=fault,
        text=text,
        nav=nav_of(request.scope, "references"),
        who=who_of(request),
        place=place_of(request.scope),
    )
    return page(request, "officer/references.html", shown, status=status)


def _badge(one: Reference, today: date) -> values.Deadline | None:
    if one.next_due is None:
        return values.Deadline("done", _("Completed"))
    left = (one.next_due - today).days
    if left < 0:
        return values.Deadline("red", _("%(n)s days overdue") % {"n": -left})
    band = "orange" if left <= 3 else "yellow" if left <= 15 else "green"
    return values.Deadline(band, _("%(n)s days left") % {"n": left})
