"""Writing down what a voice note says, beside the matter, before it is taken on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.types import APPEAL, MAY_ACCEPT, CaseId, CaseView
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.operations import write_down
from bihuan.scenes.appeals.steps.areas import AreaGroup, groups_of


@dataclass(frozen=True, slots=True)
class HearPanel:
    """The voice notes of a matter that has no words yet, and the form for them."""

    case_id: int
    voices: tuple[int, ...]
    groups: tuple[AreaGroup, ...]
    area: str
    place: str
    classes: tuple[tuple[str, str], ...]


def panel(view: CaseView, scope: Scope, at: datetime) -> HearPanel | None:
    """Return the form, while nobody has written down what was said."""
    if view.kind != APPEAL or not view.unheard:
        return None
    codes = view.area_path.strip("/").split("/")
    return HearPanel(
        case_id=view.id,
        voices=view.voices,
        groups=groups_of(codes[1]) if len(codes) > 1 else (),
        area=codes[-1],
        place=view.place,
        classes=tuple((one.code, _(one.title)) for one in CLASSES),
    )


@step(power=MAY_ACCEPT, methods=("POST",))
def write(request: StepRequest, case_id: int) -> HttpResponse:
    """Keep what somebody heard; without a class the words suggest one."""
    given = request.POST

    def effect(scope: Scope) -> dict[str, Any]:
        done = write_down(
            CaseId(case_id),
            given.get("text", ""),
            class_code=given.get("class_code", ""),
            area_code=given.get("area", ""),
            place=given.get("place", ""),
            scope=scope,
            at=request.at,
        )
        return {"case": done.case_id}

    try:
        perform_form(request, name="appeals.write_down", effect=effect)
    except Refused as refused:
        if refused.status not in {409, 422}:
            raise
        messages.error(request, refused.spoken())
    else:
        messages.success(request, _("Written down. Now it can be taken on."))
    return HttpResponseRedirect(reverse("officer:matter", args=[case_id]), status=303)
