"""Privacy: to what I agreed, who looked at my data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.privacy import web as privacy_web
from bihuan.kernel.ground.privacy.types import MandateId
from bihuan.kernel.ground.registry.types import SIGNED_IN, PurposeCode, Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.web import limits
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
    mandates: tuple[privacy_web.MandateLine, ...]
    own_key: str


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
        mandates=privacy_web.mandate_lines(
            privacy.list_mandates(scope=request.scope, at=request.at), own=request.scope.person_id
        ),
        own_key=str(request.scope.person_id or ""),
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


@step(power=SIGNED_IN, methods=("POST",))
def mandate(request: StepRequest) -> HttpResponse:
    """Let somebody act for one, or end it."""
    posted = request.POST.dict()
    if posted.get("do") != "end":
        count_naming(request)

    def act(scope: Scope) -> dict[str, int]:
        if posted.get("do") == "end":
            key = posted.get("mandate", "")
            found = MandateId(int(key) if key.isdecimal() and len(key) < 18 else 0)
            return {"mandate": privacy.end_mandate(found, scope=scope, at=request.at).id}
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
        perform_form(request, name="privacy.mandate", effect=act)
    except Refused as refused:
        messages.error(request, refused.spoken())
    else:
        ended = posted.get("do") == "end"
        messages.success(
            request, _("Ended. It holds from this moment.") if ended else _("They may act for you.")
        )
    return HttpResponseRedirect(reverse("resident:privacy"), status=303)


def count_naming(request: StepRequest) -> None:
    """Count one naming of a person by name and phone: nobody learns by trying who is registered.

    Raises:
        TooMany: more in an hour than the standard allows.
    """
    rule = standards.get_standard("privacy.mandate", on=clock.business_date(request.at)).value
    key = str(request.scope.person_id)
    hour = timedelta(hours=1)
    limits.count_try("privacy.mandate", key, most=int(rule["namings"]), span=hour, at=request.at)
