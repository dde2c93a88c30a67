"""A reviewer lets the public read of a matter, or withholds it."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bihuan.kernel.affairs.cases.types import MAY_ACCEPT
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.web.commands import Answer
from bihuan.scenes.appeals.open311 import releasing


@step(power=MAY_ACCEPT, methods=("POST",))
def set_words(request: StepRequest, case_id: int) -> HttpResponse:
    """Keep the words of the form, or none when they are withheld."""
    withheld = request.POST.get("what") == "withhold"
    words = "" if withheld else request.POST.get("words", "")
    answer = "" if withheld else request.POST.get("answer", "")

    def effect(scope: Scope) -> Answer:
        releasing.release(case_id, words, answer, scope=scope, at=request.at)
        return {"address": reverse("officer:matter", args=[case_id])}

    done = perform_form(request, name="appeals.public_words", effect=effect)
    return HttpResponseRedirect(done.answer["address"], status=303)
