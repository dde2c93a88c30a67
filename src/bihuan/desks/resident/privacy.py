"""Privacy: to what I agreed, who looked at my data."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy import web as privacy_web
from bihuan.kernel.ground.registry.types import SIGNED_IN, PurposeCode, Scope
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.ui import values
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """My consents and who looked."""

    agreements: tuple[privacy_web.AgreementLine, ...]
    action: str
    looks: tuple[privacy_web.LookLine, ...]
    next_href: str
    empty: values.Empty
    object_href: str


@step(power=SIGNED_IN, methods=("GET",))
def own(request: StepRequest) -> HttpResponse:
    """Show to what I agreed, and who saw my clear values, when and why."""
    found = privacy.list_own_looks(scope=request.scope, after=request.GET.get("after", ""))
    refs = {row.subject for row in found.rows if row.subject}
    titles = cases.titles_of(refs, scope=request.scope)
    standing = privacy.list_agreements(scope=request.scope, at=request.at)
    here = reverse("resident:privacy")
    shown = PrivacyPage(
        agreements=tuple(privacy_web.agreement_line(a, now=request.at) for a in standing),
        action=reverse("resident:consent"),
        looks=privacy_web.look_lines(found.rows, now=request.at, titles=titles),
        next_href=f"{here}?after={found.after}" if found.after else "",
        empty=values.Empty(
            _("Nobody has looked at your number."),
            _("Everybody else sees it with stars."),
            icon="shield-check",
        ),
        object_href=reverse("appeals:report"),
    )
    answer = page(request, "resident/privacy.html", shown)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@step(power=SIGNED_IN, methods=("POST",))
def consent(request: StepRequest) -> HttpResponse:
    """Agree to a purpose, or withdraw."""
    posted = request.POST.dict()
    gives = posted.get("do") == "give"

    def act(scope: Scope) -> dict[str, bool]:
        person_id = privacy_web.person_of(posted)
        purpose = PurposeCode(posted.get("purpose", ""))
        if not gives:
            found = privacy.withdraw_consent(
                purpose, person_id=person_id, scope=scope, at=request.at
            )
            return {"given": found.given}
        version = posted.get("version", "")
        found = privacy.give_consent(
            purpose,
            person_id=person_id,
            version=int(version) if version.isdecimal() and len(version) < 5 else 0,
            scope=scope,
            at=request.at,
        )
        return {"given": found.given}

    try:
        perform_form(request, name="privacy.consent", effect=act)
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        messages.success(
            request, _("You agreed.") if gives else _("Withdrawn. It holds from this moment.")
        )
    return HttpResponseRedirect(reverse("resident:privacy"), status=303)
