"""Pages that end a round: the check on the spot, and the call back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CaseId, CaseView, MoveName
from bihuan.kernel.affairs.cases.web import words
from bihuan.kernel.affairs.cases.web.photos import receive_photos
from bihuan.kernel.affairs.cases.web.views import LACKING, back_to
from bihuan.kernel.ground.registry.types import SIGNED_IN
from bihuan.kernel.ground.registry.web import StepRequest, perform_form, step
from bihuan.platform.web.errors import Mismatch, Refused
from bihuan.platform.web.pages import page

VERDICTS = tuple(map(MoveName, ("pass", "fail")))
CALLS = tuple(map(MoveName, ("call_back", "call_back_redo", "call_back_missed")))


def _require(moves: tuple[MoveName, ...], view: CaseView, request: StepRequest) -> None:
    """Refuse before a form is shown, or shown again with its faults, unless one may do it."""
    cases.require_open(view.id, moves, scope=request.scope, at=request.at)


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The look on the spot: what was promised, cleared or not."""

    view: CaseView
    photos: tuple[int, ...]
    fault: str
    back: str


@step(power=SIGNED_IN)
def verify(request: StepRequest, case_id: int) -> HttpResponse:
    """Verify on the spot and say how it is."""
    view = cases.get_case(CaseId(case_id), scope=request.scope, at=request.at)
    back = back_to(request, view.id)
    if request.method != "POST":
        _require(VERDICTS, view, request)
        return page(request, "cases/verify.html", VerifyPage(view, view.photos_after, "", back))
    try:
        photos = receive_photos(request.FILES.getlist("photos"), at=request.at)
        check = _check(request, photos)
        perform_form(
            request,
            name="cases.verify",
            effect=lambda scope: {
                "state": cases.verify_case(view.id, check, scope=scope, at=request.at).state.value
            },
        )
    except Refused as refused:
        if refused.status == LACKING and not isinstance(refused, Mismatch):
            _require(VERDICTS, view, request)
        shown = VerifyPage(view, view.photos_after, refused.spoken(), back)
        return page(request, "cases/verify.html", shown, status=refused.status)
    told = words.TOLD["pass" if check.cleared else "fail"]
    messages.success(request, _("%(number)s: %(told)s") % {"number": view.number, "told": told})
    return HttpResponseRedirect(back, status=303)


def _check(request: StepRequest, photos: tuple[str, ...]) -> cases.Check:
    posted = request.POST
    if "on_the_spot" not in posted or posted.get("cleared") not in {"yes", "no"}:
        raise Refused("Confirm that you are on the spot, and say whether it is done.")
    try:
        visit_id = uuid.UUID(posted.get("visit_id", ""))
    except ValueError:
        visit_id = uuid.uuid4()
    return cases.Check(
        visit_id=visit_id,
        cleared=posted["cleared"] == "yes",
        words=posted.get("words", ""),
        photos=photos,
    )


class CallBackForm(forms.Form):
    """What the call brought."""

    result = forms.ChoiceField(
        label=gettext_lazy("What did they say?"),
        choices=list(words.CALL_BACK_RESULTS.items()),
        widget=forms.RadioSelect,
    )
    solved = forms.ChoiceField(
        label=gettext_lazy("Is it solved?"),
        choices=list(words.SOLVED.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How were they reached?"),
        choices=list(words.CHANNELS.items()),
        widget=forms.RadioSelect,
        initial="phone",
    )
    words = forms.CharField(
        label=gettext_lazy("In their words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("needed if they are not satisfied"),
    )


@dataclass(frozen=True, slots=True)
class CallBackPage:
    """The matter, its answer, the form."""

    view: CaseView
    form: CallBackForm
    fault: str
    back: str


@step(power=SIGNED_IN)
def call_back(request: StepRequest, case_id: int) -> HttpResponse:
    """Ask who raised a matter, and write down what they say."""
    view = cases.get_case(CaseId(case_id), scope=request.scope, at=request.at)
    back = back_to(request, view.id)
    form = CallBackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        _require(CALLS, view, request)
        status = 422 if request.method == "POST" else 200
        return page(
            request, "cases/call_back.html", CallBackPage(view, form, "", back), status=status
        )
    called = cases.Called(**form.cleaned_data)
    try:
        perform_form(
            request,
            name="cases.call_back",
            effect=lambda scope: {
                "state": cases.call_back(view.id, called, scope=scope, at=request.at).state.value
            },
        )
    except Refused as refused:
        shown = CallBackPage(view, form, refused.spoken(), back)
        return page(request, "cases/call_back.html", shown, status=refused.status)
    messages.success(request, _("%(number)s: written down.") % {"number": view.number})
    return HttpResponseRedirect(back, status=303)
