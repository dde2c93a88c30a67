"""Saying what is wrong: one sentence, a photo, a place; what to expect before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.ground.clocks import web as clock_words
from bihuan.kernel.ground.clocks.types import Budget
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.operations import Report, report, suggest
from bihuan.scenes.appeals.panels import quoted, urgent_words
from bihuan.scenes.appeals.steps.areas import AreaGroup, groups_of, home_of
from bihuan.scenes.appeals.steps.holding import hold


class ReportForm(forms.Form):
    """What a resident types."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    voice = forms.FileField(label=gettext_lazy("Voice note"), required=False)
    photos = case_web.PhotosField(label=gettext_lazy("Photos"), required=False)
    area = forms.CharField(label=gettext_lazy("Where is it?"))
    place = forms.CharField(
        label=gettext_lazy("Road, house, building"), max_length=120, required=False
    )
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    anonymous = forms.BooleanField(label=gettext_lazy("Do not give my name"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a sentence or a voice note; either is a report."""
        given = super().clean() or {}
        if not str(given.get("text", "")).strip() and not given.get("voice"):
            self.add_error("text", _("Write one sentence, or say it into the microphone."))
        return given


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The form, the areas to choose from, what is wrong."""

    form: ReportForm
    groups: tuple[AreaGroup, ...]
    fault: str
    signed_in: bool
    expect: str
    seconds: int
    """How long a voice note may last."""


@step(power=EVERYBODY)
def show(request: StepRequest) -> HttpResponse:
    """Show the form; take in what was said."""
    if request.method != "POST":
        start = {"area": request.GET.get("area", home_of(request.scope))}
        return _page(request, ReportForm(initial=start), "")
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, "", status=422)
    try:
        answer = _take_in(request, form)
    except Refused as refused:
        return _page(request, form, refused.spoken(), status=refused.status)
    hold(request, answer["number"], answer["code"])
    address = reverse("appeals:receipt", args=[answer["number"]])
    return HttpResponseRedirect(address, status=303)


def _take_in(request: StepRequest, form: ReportForm) -> dict[str, Any]:
    given = form.cleaned_data
    _check_place(given)
    photos = case_web.receive_photos(given["photos"], at=request.at)
    voices = (_receive_voice(request, given["voice"]),) if given["voice"] else ()
    said = Report(
        text=given["text"],
        area_code=given["area"],
        place=given["place"],
        longitude=given["longitude"],
        latitude=given["latitude"],
        photos=photos,
        voices=voices,
        anonymous=given["anonymous"],
    )

    def effect(scope: Any) -> dict[str, Any]:
        opened = report(said, scope=scope, at=request.at)
        return {"number": opened.number, "code": opened.receipt_code}

    return perform_form(request, name="appeals.report", effect=effect).answer


def _voice_rule(request: StepRequest) -> dict[str, Any]:
    on = clock.business_date(request.at)
    return dict(standards.get_standard("appeals.voice", on=on).value)


def _receive_voice(request: StepRequest, file: UploadedFile[Any]) -> str:
    """Keep the voice note as it came.

    Raises:
        Refused: it is no sound that we know, or larger than the rule allows.
    """
    most = int(_voice_rule(request)["kilobytes"]) * 1024
    if (file.size or 0) > most:
        raise Refused(
            "This voice note is longer than about two minutes. Say it shorter, or write it.",
            code="too_large",
            field="voice",
        )
    return case_web.receive_voice(file, at=request.at)


def _check_place(given: dict[str, Any]) -> None:
    lon, lat = given["longitude"], given["latitude"]
    if lon is not None and lat is not None:
        registry.area_of_point(lon, lat)


def _page(request: StepRequest, form: ReportForm, fault: str, *, status: int = 200) -> HttpResponse:
    shown = ReportPage(
        form=form,
        groups=groups_of(),
        fault=fault,
        signed_in=request.scope.person_id is not None,
        expect="",
        seconds=int(_voice_rule(request)["seconds"]),
    )
    return page(request, "appeals/report.html", shown, status=status)


@step(power=EVERYBODY, methods=("GET",))
def expect(request: StepRequest) -> HttpResponse:
    """Say what kind of matter a text sounds like, and by when it would be done."""
    text = request.GET.get("text", "")[:5000]
    guess = suggest(text)
    title = next(c.title for c in CLASSES if c.code == guess.class_code)
    on = clock.business_date(request.at)
    codes = (f"cases.limit.dispose.{guess.class_code}", "cases.limit.dispose")
    limit = Budget.from_value(standards.get_first(codes, on=on).value)
    words = _("Sounds like: %(title)s. Usually done within %(limit)s.") % {
        "title": _(title),
        "limit": clock_words.budget_words(limit),
    }
    known = guess.learnt or bool(guess.words)
    shown = Expect(words if known else "", quoted(guess.words), urgent_words(text, at=request.at))
    return page(request, "appeals/_expect.html", shown)


@dataclass(frozen=True, slots=True)
class Expect:
    """One sentence, the words of the text that led to it, and those that sound urgent."""

    words: str
    because: str
    urgent: str
