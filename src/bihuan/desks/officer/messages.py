"""What an officer is told: the unit's messages and one's own; what could not be sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import CASE
from bihuan.kernel.ground.privacy.types import LOOK, MAY_AUDIT
from bihuan.kernel.ground.registry.types import SIGNED_IN, person_ref
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices import web as notice_web
from bihuan.kernel.tools.notices.types import MAY_WATCH, NoticeId, NoticeRow, Side
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page of this desk has."""

    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class InboxPage(Shell):
    """The unit's messages and one's own."""

    inbox: notice_web.Inbox


@dataclass(frozen=True, slots=True)
class WaysPage(Shell):
    """By which ways one wants to be told in person."""

    ways: tuple[notice_web.Way, ...]
    action: str


@dataclass(frozen=True, slots=True)
class StuckPage(Shell):
    """What does not get through."""

    stuck: tuple[notice_web.StuckLine, ...]
    count: int
    today: str
    empty: values.Empty


@step(power=SIGNED_IN, methods=("GET",))
def inbox(request: StepRequest) -> HttpResponse:
    """Show the messages of the unit and one's own, the newest first."""
    after = request.GET.get("after", "")
    found = notices.list_inbox(scope=request.scope, side=Side.OFFICER, after=after)
    shown = notice_web.inbox_of(
        found,
        names=cases.titles_of((row.subject for row in found.rows), scope=request.scope),
        href=_href,
        ways_href=reverse("officer:ways"),
        now=request.at,
    )
    return page(request, "officer/messages.html", InboxPage(*_shell(request, "messages"), shown))


def _href(row: NoticeRow) -> str:
    return reverse("officer:message", args=[row.id])


def _shell(request: StepRequest, here: str) -> tuple[tuple[values.NavLink, ...], str, str]:
    return nav_of(request.scope, here), who_of(request), place_of(request.scope)


@step(power=SIGNED_IN, methods=("GET",))
def read(request: StepRequest, notice_id: int) -> HttpResponse:
    """Mark a message read and go to what it is about."""
    notice = notices.open_notice(NoticeId(notice_id), scope=request.scope, at=request.at)
    if notice.subject.kind == CASE:
        return HttpResponseRedirect(reverse("officer:matter", args=[int(notice.subject.key)]))
    if notice.subject.kind == LOOK:
        audits = request.scope.has(MAY_AUDIT)
        return HttpResponseRedirect(reverse("officer:looks" if audits else "resident:privacy"))
    page_name = stage.page_of(notice.subject)
    if page_name:
        return HttpResponseRedirect(reverse(page_name, args=[notice.subject.key]))
    return HttpResponseRedirect(reverse("officer:messages"))


@step(power=SIGNED_IN)
def ways(request: StepRequest) -> HttpResponse:
    """Show and keep by which ways one wants to be told in person."""
    if request.scope.person_id is None:
        raise NotFound("There is no such page for this account.")
    me = person_ref(request.scope.person_id)
    action = reverse("officer:ways")
    if request.method != "POST":
        shown = WaysPage(*_shell(request, "messages"), notice_web.ways_of(me), action)
        return page(request, "officer/ways.html", shown)
    notice_web.choose_ways(request, me)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(action, status=303)


@step(power=MAY_WATCH)
def stuck(request: StepRequest) -> HttpResponse:
    """Show what does not get through; send again what the form names."""
    if request.method == "POST":
        try:
            notice_web.resend(request)
        except Refused as refused:
            messages.error(request, refused.spoken())
        else:
            messages.success(request, _("It is sent again."))
        return HttpResponseRedirect(reverse("officer:stuck"), status=303)
    rows = notices.list_stuck(scope=request.scope)
    shown = StuckPage(
        *_shell(request, "stuck"),
        stuck=notice_web.stuck_of(rows, now=request.at),
        count=notices.count_stuck(scope=request.scope),
        today=_today(request),
        empty=values.Empty(_("Everything gets through."), _today(request), icon="send"),
    )
    return page(request, "officer/stuck.html", shown)


def _today(request: StepRequest) -> str:
    counts = notices.count_by_state(scope=request.scope, on=clock.business_date(request.at))
    told = {"sent": 0, "delivered": 0, "queued": 0, "failed": 0, "skipped": 0} | counts
    return _(
        "Today: %(delivered)s arrived, %(sent)s with the provider, %(queued)s waiting, "
        "%(failed)s failed, %(skipped)s not rung because they were old."
    ) % {name: f"{n:,}" for name, n in told.items()}
