"""The clerk's page: a matter for somebody who stands there, telephones or sent a letter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import MAY_ACCEPT, Alike, CaseRow, Filter
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy import web as privacy_web
from bihuan.kernel.ground.privacy.types import Wanted
from bihuan.kernel.ground.registry.types import (
    HANDLING,
    Field,
    PersonCard,
    PurposeCode,
    Scope,
    person_ref,
)
from bihuan.kernel.ground.registry.web import command_id_of, who_of, with_command
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.counter import CALL, COUNTER, PAPER, Caller, alike_to, take_in
from bihuan.scenes.appeals.operations import Report, suggest
from bihuan.scenes.appeals.panels import quoted, urgent_words
from bihuan.scenes.appeals.steps.areas import AreaGroup, groups_of
from bihuan.scenes.appeals.steps.holding import held, hold

CHANNEL_WORDS = (
    (COUNTER, gettext_lazy("Stands at the counter")),
    (CALL, gettext_lazy("On the telephone")),
    (PAPER, gettext_lazy("Sent a letter")),
)
IDENTITY = PurposeCode("identity")
MOBILE = re.compile(r"1\d{10}")


class CounterForm(forms.Form):
    """What the clerk writes down."""

    channel = forms.ChoiceField(choices=CHANNEL_WORDS, initial=COUNTER)
    name = forms.CharField(label=gettext_lazy("Name of the person"), max_length=60, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone number"), max_length=20, required=False)
    id_number = forms.CharField(
        label=gettext_lazy("Identity number"), max_length=18, required=False
    )
    text = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    class_code = forms.ChoiceField(
        choices=[("", ""), *((c.code, c.title) for c in CLASSES)], required=False
    )
    photos = case_web.PhotosField(label=gettext_lazy("Photo or scan"), required=False)
    area = forms.CharField(label=gettext_lazy("Where is it?"))
    place = forms.CharField(
        label=gettext_lazy("Road, house, building"), max_length=120, required=False
    )


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """An open matter that may be the same."""

    href: str
    number: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class CounterPage:
    """The form, what the words suggest, and what is open already."""

    form: CounterForm
    channels: tuple[tuple[str, str, bool], ...]
    groups: tuple[AreaGroup, ...]
    classes: tuple[tuple[str, str], ...]
    guess: str
    because: str
    urgent: str
    alike: tuple[AlikeLine, ...]
    looked: bool
    fault: str
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_ACCEPT)
def show(request: StepRequest) -> HttpResponse:
    """Show the form; look at what it would be; take it in."""
    if request.method != "POST":
        return _page(request, CounterForm(initial={"area": _first_area(request.scope)}))
    form = CounterForm(request.POST, request.FILES)
    looks = "look" in (request.GET.get("do"), request.POST.get("do"))
    valid = form.is_valid()
    if looks:
        return _page(request, form, looked=True)
    if not valid:
        return _page(request, form, status=422)
    try:
        answer = _take_in(request, form.cleaned_data)
    except Refused as refused:
        return _page(request, form, fault=refused.spoken(), status=refused.status)
    hold(request, answer["number"], answer["code"])
    return HttpResponseRedirect(reverse("appeals:slip", args=[answer["number"]]), status=303)


def _take_in(request: StepRequest, given: dict[str, Any]) -> dict[str, Any]:
    photos = case_web.receive_photos(given["photos"], at=request.at)
    said = Report(
        text=given["text"],
        area_code=given["area"],
        place=given["place"],
        class_code=given["class_code"],
        photos=photos,
    )
    caller = Caller(given["name"], given["phone"], given["id_number"])

    def effect(scope: Scope) -> dict[str, Any]:
        done = take_in(said, caller, channel=given["channel"], scope=scope, at=request.at)
        return {"number": done.number, "code": done.receipt_code}

    return perform_form(request, name="appeals.counter", effect=effect).answer


def _nav() -> tuple[values.NavLink, ...]:
    return (
        values.NavLink(reverse("officer:worklist"), "inbox", _("Worklist")),
        values.NavLink(reverse("appeals:counter"), "user", _("Counter"), current=True),
        values.NavLink(reverse("appeals:earlier"), "search", _("Earlier matters of a person")),
    )


def _first_area(scope: Scope) -> str:
    """Return the first town of the clerk's county."""
    groups = groups_of(scope.county_id)
    return groups[0].code if groups else ""


def _page(
    request: StepRequest,
    form: CounterForm,
    *,
    looked: bool = False,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    text = str(form["text"].value() or "")
    guess = suggest(text) if looked and text.strip() else None
    said = Report(
        text=text,
        area_code=str(form["area"].value() or ""),
        place=str(form["place"].value() or ""),
        class_code=str(form["class_code"].value() or ""),
    )
    found = alike_to(said, scope=request.scope, at=request.at) if looked else ()
    titles = {one.code: _(one.title) for one in CLASSES}
    channel = str(form["channel"].value() or COUNTER)
    shown = CounterPage(
        form=form,
        channels=tuple((code, str(words), code == channel) for code, words in CHANNEL_WORDS),
        groups=groups_of(request.scope.county_id),
        classes=tuple(titles.items()),
        guess=titles[guess.class_code] if guess else "",
        because=quoted(guess.words) if guess else "",
        urgent=urgent_words(text, at=request.at) if looked else "",
        alike=tuple(_alike(one, request) for one in found),
        looked=looked,
        fault=fault,
        nav=_nav(),
        who=who_of(request),
    )
    return page(request, "appeals/counter.html", shown, status=status)


def _alike(one: Alike, request: StepRequest) -> AlikeLine:
    share = _("%(share)s %% alike") % {"share": round(one.likeness * 100)}
    bits = (share, one.place, moment_words(one.raised_at, request.at))
    href = reverse("officer:matter", args=[one.id])
    return AlikeLine(href, one.number, one.title, " · ".join(bit for bit in bits if bit))


# -- the slip -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlipPage:
    """Number and code in big letters, to take home."""

    number: str
    title: str
    code: str
    when: str
    due: Any
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_ACCEPT, methods=("GET",))
def slip(request: StepRequest, number: str) -> HttpResponse:
    """Show the receipt that the clerk has just made, to be printed."""
    code = held(request, number)
    if not code:
        return HttpResponseRedirect(reverse("appeals:counter"))
    view = cases.get_case_by_receipt(number, code, scope=request.scope)
    shown = SlipPage(
        number=view.number,
        title=view.title,
        code=f"{code[:4]} {code[4:]}",
        when=moment_words(view.raised_at, request.at),
        due=case_web.explained_of(view, now=request.at),
        nav=_nav(),
        who=who_of(request),
    )
    answer = page(request, "appeals/slip.html", shown)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


# -- earlier matters ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who has the number, and their matters in the clerk's care."""

    person: PersonCard
    rows: tuple[tuple[str, CaseRow, str], ...]


@dataclass(frozen=True, slots=True)
class EarlierPage:
    """Whom a number belongs to, masked, and their matters."""

    asked: bool
    found: tuple[Found, ...]
    fault: str
    reason: str
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_ACCEPT)
def earlier(request: StepRequest) -> HttpResponse:
    """Find somebody's earlier matters by a number that they say; the look is written down."""
    if request.method != "POST":
        return page(
            request, "appeals/earlier.html", EarlierPage(False, (), "", "", _nav(), who_of(request))
        )
    number = "".join(request.POST.get("number", "").split())
    phone = bool(MOBILE.fullmatch(number))
    wanted = Wanted(
        value=number,
        field=Field.PHONE if phone else Field.ID_NUMBER,
        purpose=HANDLING if phone else IDENTITY,
        reason=request.POST.get("reason", ""),
    )
    scope = with_command(request.scope, command_id_of(request))
    try:
        people = privacy.find_people(wanted, scope=scope, at=request.at)
    except Refused as refused:
        said = EarlierPage(False, (), refused.spoken(), wanted.reason, _nav(), who_of(request))
        return page(request, "appeals/earlier.html", said, status=refused.status)
    found = tuple(Found(card, _rows(card, request)) for card in people)
    shown = EarlierPage(True, found, "", wanted.reason, _nav(), who_of(request))
    answer = page(request, "appeals/earlier.html", shown)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@step(power=MAY_ACCEPT, methods=("POST",))
def mandate(request: StepRequest) -> HttpResponse:
    """Write down that somebody who stands here lets another act for them."""
    posted = request.POST.dict()

    def effect(scope: Scope) -> dict[str, Any]:
        made = privacy.give_mandate(
            privacy_web.person_of(posted),
            agent_name=posted.get("name", ""),
            agent_phone=posted.get("phone", ""),
            until=privacy_web.day_of(posted),
            scope=scope,
            at=request.at,
        )
        return {"mandate": made.id}

    try:
        perform_form(request, name="appeals.mandate", effect=effect)
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        messages.success(request, _("Written down. The person can end it at any time."))
    return HttpResponseRedirect(reverse("appeals:earlier"), status=303)


def _rows(card: PersonCard, request: StepRequest) -> tuple[tuple[str, CaseRow, str], ...]:
    wanted = Filter(raised_by=person_ref(card.id))
    found = cases.list_cases(scope=request.scope, wanted=wanted, at=request.at)
    return tuple(
        (
            reverse("officer:matter", args=[row.id]),
            row,
            f"{case_web.state_words(row.state)} · {moment_words(row.raised_at, request.at)}",
        )
        for row in found.rows
    )
