"""Verifying a paper: is it genuine, does it still hold; and is this file the very one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import CheckedPaper, PaperState
from bihuan.platform import clock
from bihuan.platform.ui.words import chinese, day_words
from bihuan.platform.web.pages import page


class CodeForm(forms.Form):
    """The code as somebody types it from the paper."""

    code = forms.CharField(label=gettext_lazy("Verifying code"), max_length=40)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """What is said of a paper, and of a file that was compared with it."""

    form: CodeForm
    words: str = ""
    """Empty while nobody asked yet."""
    hint: str = ""
    good: bool = False
    rows: tuple[tuple[str, str], ...] = ()
    action: str = ""
    """Where a file is sent to be compared; empty when there is no such paper."""
    compared: str = ""
    same: bool = False


@step(power=EVERYBODY, methods=("GET",))
def ask(request: StepRequest) -> HttpResponse:
    """Ask for the code, and go to what it says."""
    form = CodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        # A slash has no place in an address; such a code was never issued, and is told so there.
        code = "".join(form.cleaned_data["code"].upper().replace("-", "").replace("/", "").split())
        return HttpResponseRedirect(reverse("verify_code", args=[code or "-"]))
    return page(request, "public/paper.html", PaperPage(form))


@step(power=EVERYBODY)
def verify(request: StepRequest, code: str) -> HttpResponse:
    """Say whether a paper is genuine; with a file, whether it is that paper. Nothing is kept."""
    found = documents.check_paper(code)
    form = CodeForm(initial={"code": code})
    if found is None:
        shown = PaperPage(
            form,
            _("We issued no paper with this code"),
            _("Check the code once more. If it is right, do not trust the paper; tell 12345."),
        )
        return page(request, "public/paper.html", shown, status=404)
    compared, same = "", False
    if request.method == "POST":
        compared, same = _compare(found, request)
    words, hint = _words(found)
    shown = PaperPage(
        form=form,
        words=words,
        hint=hint,
        good=found.state is PaperState.VALID,
        rows=_rows(found),
        action=reverse("verify_code", args=[code]),
        compared=compared,
        same=same,
    )
    return page(request, "public/paper.html", shown)


def _words(found: CheckedPaper) -> tuple[str, str]:
    ended = _day(found.ended_at) if found.ended_at else ""
    return {
        PaperState.VALID: (_("Genuine, and it holds"), ""),
        PaperState.REPLACED: (
            _("Genuine, but replaced"),
            _("Since %(day)s paper %(number)s holds instead. Ask for that one.")
            % {"day": ended, "number": found.replaced_by},
        ),
        PaperState.WITHDRAWN: (
            _("Withdrawn: it holds no more"),
            _("It was issued by us and holds no more since %(day)s.") % {"day": ended},
        ),
    }[found.state]


def _rows(found: CheckedPaper) -> tuple[tuple[str, str], ...]:
    return (
        (_("Kind of paper"), _(found.kind_title)),
        (_("Number"), found.number),
        (_("Issued on"), _day(found.issued_at)),
        (_("Issued by"), found.unit_name or _("the county's centre")),
    )


def _day(at: datetime) -> str:
    local = clock.business_date(at)
    return f"{local.year}年{day_words(local)}" if chinese() else f"{day_words(local)} {local.year}"


def _compare(found: CheckedPaper, request: StepRequest) -> tuple[str, bool]:
    """Return what comparing the sent file says; it is read once and kept nowhere."""
    sent = request.FILES.get("file")
    if sent is None:
        return _("Choose the PDF first."), False
    rule = standards.get_standard("documents.compare", on=clock.business_date(request.at)).value
    if (sent.size or 0) > int(rule["megabytes"]) * 1024 * 1024:
        return _("This file is larger than any paper of ours. It is not ours."), False
    if documents.is_same_file(found, sent.chunks()):
        return _("This file is the paper as it was issued, to the last byte."), True
    return (
        _(
            "This file is another one: it was changed, or scanned, or is another version. Read it "
            "beside one that the office prints for you."
        ),
        False,
    )
