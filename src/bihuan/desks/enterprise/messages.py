"""What the firm is told: its messages, opening one, by which ways it wants to be told."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CASE, MAY_SAY_DONE
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import OrganisationId, organisation_ref
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices import web as notice_web
from bihuan.kernel.tools.notices.types import NoticeId, NoticeRow, Side
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The firm's messages."""

    inbox: notice_web.Inbox


@dataclass(frozen=True, slots=True)
class WaysPage:
    """By which ways the firm wants to be told."""

    ways: tuple[notice_web.Way, ...]
    action: str


@step(power=MAY_SAY_DONE, methods=("GET",))
def inbox(request: StepRequest) -> HttpResponse:
    """Show the messages of the firms that the reader speaks for."""
    after = request.GET.get("after", "")
    found = notices.list_inbox(scope=request.scope, side=Side.ENTERPRISE, after=after)
    shown = notice_web.inbox_of(
        found,
        names=cases.titles_of((row.subject for row in found.rows), scope=request.scope),
        href=_href,
        ways_href=reverse("enterprise:ways"),
        now=request.at,
    )
    return page(request, "enterprise/messages.html", InboxPage(shown))


def _href(row: NoticeRow) -> str:
    return reverse("enterprise:message", args=[row.id])


@step(power=MAY_SAY_DONE, methods=("GET",))
def read(request: StepRequest, notice_id: int) -> HttpResponse:
    """Mark a message read and go to what it is about."""
    notice = notices.open_notice(NoticeId(notice_id), scope=request.scope, at=request.at)
    if notice.subject.kind == CASE:
        return HttpResponseRedirect(reverse("appeals:own", args=[int(notice.subject.key)]))
    return HttpResponseRedirect(reverse("enterprise:messages"))


@step(power=MAY_SAY_DONE)
def ways(request: StepRequest) -> HttpResponse:
    """Show and keep the firm's ways; with several firms, one choice holds for each."""
    firms = _firms(request)
    action = reverse("enterprise:ways")
    if request.method != "POST":
        return page(request, "enterprise/ways.html", WaysPage(notice_web.ways_of(firms[0]), action))
    notice_web.choose_ways(request, *firms)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(action, status=303)


def _firms(request: StepRequest) -> list[Ref]:
    firms: list[OrganisationId] = sorted(request.scope.organisation_ids)
    if not firms:
        raise NotFound("There is no such page for this account.")
    return [organisation_ref(firm) for firm in firms]
