"""Looking where a matter is: by number and receipt code, or with one's account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import MAY_SEE_OWN, CaseId, CaseView, MoveName, State
from bihuan.kernel.affairs.cases.web import MoveCard
from bihuan.kernel.ground.registry.types import EVERYBODY, SIGNED_IN, Scope, person_ref
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.documents import web as documents
from bihuan.kernel.tools.documents.types import EvidenceId
from bihuan.platform.ui import values
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.steps.holding import count_guess, held, hold


class TrackForm(forms.Form):
    """Number and receipt code."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=20)
    code = forms.CharField(label=gettext_lazy("Receipt code"), max_length=12)


@dataclass(frozen=True, slots=True)
class FindPage:
    """The form, and what is wrong."""

    form: TrackForm
    fault: str


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter as its raiser sees it."""

    view: CaseView
    rail: tuple[values.RailLink, ...]
    state: values.StatePill
    due: values.ExplainedDue | None
    entries: tuple[values.TimelineEntry, ...]
    holder: str
    photos: tuple[str, ...]
    """Addresses of what it looks like afterwards."""
    voices: tuple[str, ...]
    """Addresses of what was said into the microphone."""
    moves: tuple[MoveCard, ...]
    back: str
    answered: bool
    reason: str
    claim: str
    """Where the reader puts the matter to their own account; empty when it is there, or none is."""
    letter: str
    """Where the answer letter is asked for; empty while there is no answer."""


@step(power=EVERYBODY)
def find(request: StepRequest) -> HttpResponse:
    """Ask for number and code, and go to the matter."""
    if request.method != "POST":
        return page(
            request, "appeals/find.html", FindPage(TrackForm(initial=request.GET.dict()), "")
        )
    form = TrackForm(request.POST)
    if not form.is_valid():
        return page(request, "appeals/find.html", FindPage(form, ""), status=422)
    number, code = form.cleaned_data["number"].strip().upper(), form.cleaned_data["code"]
    try:
        count_guess(request, number)
        cases.get_case_by_receipt(number, code, scope=request.scope)
    except Refused as refused:
        shown = FindPage(form, refused.spoken())
        return page(request, "appeals/find.html", shown, status=refused.status)
    hold(request, number, code)
    return HttpResponseRedirect(reverse("appeals:by_receipt", args=[number]), status=303)


@step(power=EVERYBODY, methods=("GET",))
def by_receipt(request: StepRequest, number: str) -> HttpResponse:
    """Show a matter to whoever holds number and code; adding and a verdict need no account."""
    code = held(request, number)
    if not code:  # another browser, or the session ended: the same for numbers that do not exist
        return page(
            request, "appeals/find.html", FindPage(TrackForm(initial={"number": number}), "")
        )
    view = cases.get_case_by_receipt(number, code, scope=request.scope, at=request.at)

    def address(move: MoveName) -> str:
        return reverse("appeals:act", args=[view.number, move])

    photos = [reverse("appeals:photo", args=[view.number, photo]) for photo in view.photos_after]
    said = [reverse("appeals:photo", args=[view.number, voice]) for voice in view.voices]
    letter = reverse("appeals:letter", args=[view.number])
    return _show(request, view, reverse("appeals:track"), (photos, said), letter, address)


@step(power=EVERYBODY, methods=("GET",))
def photo(request: StepRequest, number: str, evidence_id: int) -> HttpResponse:
    """Show how it looks now, or play what was said, to whoever holds the receipt."""
    code = held(request, number)
    view = cases.get_case_by_receipt(number, code, scope=request.scope)
    if evidence_id not in (*view.photos_after, *view.voices):
        raise NotFound("There is no such photo.")
    return documents.hand_out(EvidenceId(evidence_id), thumb="thumb" in request.GET)


@step(power=EVERYBODY)
def act(request: StepRequest, number: str, move: str) -> HttpResponse:
    """Add to a matter, or say how it ended, with number and receipt code."""
    return case_web.make_by_receipt(request, number, held(request, number), move)


@step(power=SIGNED_IN, methods=("GET",))
def own(request: StepRequest, case_id: int) -> HttpResponse:
    """Show one's own matter."""
    view = cases.get_case(CaseId(case_id), scope=request.scope, at=request.at)
    photos = [reverse("evidence", args=[photo]) for photo in view.photos_after]
    said = [reverse("evidence", args=[voice]) for voice in view.voices]
    letter = reverse("appeals:own_letter", args=[view.id])
    return _show(request, view, reverse("resident:matters"), (photos, said), letter)


def _show(
    request: StepRequest,
    view: CaseView,
    back: str,
    files: tuple[Sequence[str], Sequence[str]],
    letter: str,
    address: Callable[[MoveName], str] | None = None,
) -> HttpResponse:
    shown = MatterPage(
        view=view,
        rail=case_web.rail_of(view),
        state=case_web.state_of(view.state, link=view.link),
        due=case_web.explained_of(view, now=request.at),
        entries=case_web.timeline_of(
            view, now=request.at, own=request.scope.person_id, as_raiser=True
        ),
        holder=_holder(view),
        photos=tuple(files[0]),
        voices=tuple(files[1]),
        moves=case_web.move_cards(view, address=address),
        reason=case_web.reason_words(view.reject_reason) if view.reject_reason else "",
        back=back,
        answered=view.state in {State.CLOSED, State.EVALUATED, State.REJECTED},
        claim=_claim(request, view) if address else "",
        letter=letter if case_web.is_answered(view) else "",
    )
    return page(request, "appeals/matter.html", shown)


def _claim(request: StepRequest, view: CaseView) -> str:
    """Return where a signed-in resident, who holds the receipt, takes the matter to the account."""
    person = request.scope.person_id
    if person is None or not request.scope.has(MAY_SEE_OWN) or view.raised_by == person_ref(person):
        return ""
    return reverse("appeals:claim", args=[view.number])


@step(power=SIGNED_IN, methods=("POST",))
def claim(request: StepRequest, number: str) -> HttpResponse:
    """Put a matter to one's own account by the receipt that this browser holds."""
    code = held(request, number)

    def effect(scope: Scope) -> dict[str, int]:
        done = cases.claim_by_receipt(number, code, scope=scope, at=request.at)
        return {"case": done.case_id}

    try:
        answer = perform_form(request, name="appeals.claim", effect=effect).answer
    except cases.ClaimedAlready as refused:
        messages.error(request, refused.spoken())
        return HttpResponseRedirect(reverse("appeals:by_receipt", args=[number]), status=303)
    messages.success(request, _("It stands among your matters now."))
    return HttpResponseRedirect(reverse("appeals:own", args=[answer["case"]]), status=303)


def _holder(view: CaseView) -> str:
    lead = next((part.unit_name for part in view.parts if part.role == "lead"), "")
    return lead or _("the county's centre")
