"""Checking a code: genuine and valid; a colour only with the firm's own fresh code."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import EVERYBODY, OrganisationId
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import Checked, Verdict
from bihuan.platform.ui import values
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What a check says."""

    good: bool
    words: str
    hint: str
    firm: str
    badge: values.CodeBadge | None


@step(power=EVERYBODY, methods=("GET",))
def check(request: StepRequest, text: str) -> HttpResponse:
    """Say whether a scanned code is genuine and valid."""
    found = codes.check_code(text, at=request.at)
    words, hint = _words(found)
    good = found.verdict is Verdict.VALID
    shown = CheckPage(good, words, hint, _firm(found), _badge(found))
    return page(request, "public/check.html", shown, status=200 if good else 404)


def _words(found: Checked) -> tuple[str, str]:
    return {
        Verdict.VALID: (_("Genuine and valid"), ""),
        Verdict.EXPIRED: (
            _("This code is too old"),
            _("It lives for one minute. Ask the firm to show it again."),
        ),
        Verdict.REVOKED: (
            _("This code was withdrawn"),
            _("Ask the firm for its present code."),
        ),
        Verdict.NOT_OURS: (
            _("This is no code of ours"),
            _("Do not trust it. You may tell 12345 where you saw it."),
        ),
    }[found.verdict]


def _firm(found: Checked) -> str:
    if found.subject is None or found.subject.kind != "registry.organisation":
        return ""
    key = OrganisationId(UUID(found.subject.key))
    firms = registry.organisations_by_id([key])
    return firms[key].name if key in firms else ""


def _badge(found: Checked) -> values.CodeBadge | None:
    if found.colour is None:
        return None
    words = {"green": _("Green code"), "yellow": _("Yellow code"), "red": _("Red code")}
    return values.CodeBadge(found.colour.value, words[found.colour.value], size=48)
