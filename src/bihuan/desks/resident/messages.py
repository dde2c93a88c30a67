"""What I am told: my messages, opening one, by which ways I want to be told."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.resident.tabs import tabs
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CASE
from bihuan.kernel.ground.privacy.types import LOOK
from bihuan.kernel.ground.registry.types import SIGNED_IN, person_ref
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices import web as notice_web
from bihuan.kernel.tools.notices.types import NoticeId, NoticeRow, Side
from bihuan.platform.ui import values
from bihuan.platform.web.errors import NotFound
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class InboxPage:
    """My messages."""

    inbox: notice_web.Inbox
    nav: tuple[values.NavLink, ...]


@dataclass(frozen=True, slots=True)
class WaysPage:
    """By which ways I want to be told."""

    ways: tuple[notice_web.Way, ...]
    action: str


@step(power=SIGNED_IN, methods=("GET",))
def inbox(request: StepRequest) -> HttpResponse:
    """Show my messages, the newest first."""
    after = request.GET.get("after", "")
    found = notices.list_inbox(scope=request.scope, side=Side.RESIDENT, after=after)
    shown = notice_web.inbox_of(
        found,
        names=cases.titles_of((row.subject for row in found.rows), scope=request.scope),
        href=_href,
        ways_href=reverse("resident:ways"),
        now=request.at,
    )
    nav = tabs(request.scope, "messages", unread=found.unread)
    return page(request, "resident/messages.html", InboxPage(shown, nav))


def _href(row: NoticeRow) -> str:
    return reverse("resident:message", args=[row.id])


@step(power=SIGNED_IN, methods=("GET",))
def read(request: StepRequest, notice_id: int) -> HttpResponse:
    """Mark a message read and go to what it is about."""
    notice = notices.open_notice(NoticeId(notice_id), scope=request.scope, at=request.at)
    if notice.subject.kind == CASE:
        return HttpResponseRedirect(reverse("appeals:own", args=[int(notice.subject.key)]))
    if notice.subject.kind == LOOK:
        return HttpResponseRedirect(reverse("resident:privacy"))
    return HttpResponseRedirect(reverse("resident:messages"))


@step(power=SIGNED_IN)
def ways(request: StepRequest) -> HttpResponse:
    """Show and keep by which ways I want to be told."""
    if request.scope.person_id is None:
        raise NotFound("There is no such page for this account.")
    me = person_ref(request.scope.person_id)
    action = reverse("resident:ways")
    if request.method != "POST":
        return page(request, "resident/ways.html", WaysPage(notice_web.ways_of(me), action))
    notice_web.choose_ways(request, me)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(action, status=303)
