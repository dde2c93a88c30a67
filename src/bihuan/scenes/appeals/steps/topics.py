"""Hot topics: what many people seem to say at once; one click makes it one matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.kernel.affairs.cases.types import MAY_ACCEPT, CaseId, Fulfilled
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.panels import class_words, quoted
from bihuan.scenes.appeals.topics.operations import bounds_at, dismiss_topic, join_topic
from bihuan.scenes.appeals.topics.queries import list_topics
from bihuan.scenes.appeals.topics.types import Member, Topic, TopicId


@dataclass(frozen=True, slots=True)
class Line:
    """One matter of a topic."""

    value: str
    href: str
    number: str
    title: str
    place: str
    raised: str
    note: str
    is_master: bool
    can_follow: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal."""

    id: int
    title: str
    area: str
    people: int
    matters: int
    words: str
    percent: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """What is proposed, and how it is found."""

    cards: tuple[Card, ...]
    rule: str
    empty: values.Empty
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_ACCEPT, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show what many people seem to say at once."""
    bounds = bounds_at(request.at)
    rule = _(
        "A topic is at least %(fewest)s open matters of one class in one town from %(days)s days "
        "whose words are alike. Nothing is merged by itself."
    ) % {"fewest": bounds.fewest, "days": bounds.days}
    shown = TopicsPage(
        cards=tuple(_card(topic, request.at) for topic in list_topics(scope=request.scope)),
        rule=rule,
        empty=values.Empty(
            _("No matter is told by many people now."),
            rule,
            reverse("officer:worklist"),
            _("Worklist"),
            "flame",
        ),
        nav=(
            values.NavLink(reverse("officer:worklist"), "inbox", _("Worklist")),
            values.NavLink(reverse("appeals:topics"), "flame", _("Hot topics"), current=True),
        ),
        who=who_of(request),
    )
    return page(request, "appeals/topics.html", shown)


def _card(topic: Topic, at: datetime) -> Card:
    return Card(
        id=topic.id,
        title=class_words(topic.class_code),
        area=topic.area_name,
        people=topic.people,
        matters=len(topic.members),
        words=quoted(topic.words),
        percent=topic.percent,
        lines=tuple(_line(one, topic, at) for one in topic.members),
    )


def _line(one: Member, topic: Topic, at: datetime) -> Line:
    said = []
    if one.followers:
        words = ngettext("%(n)s follows it", "%(n)s follow it", one.followers)
        said.append(words % {"n": one.followers})
    if not one.can_follow:
        said.append(_("a unit is at it"))
    first = topic.members[0].case_id
    return Line(
        value=f"{one.case_id}:{one.version}",
        href=reverse("officer:matter", args=[one.case_id]),
        number=one.number,
        title=one.title,
        place=one.place,
        raised=moment_words(one.raised_at, at),
        note=" · ".join(said),
        is_master=one.case_id == first,
        can_follow=one.can_follow,
    )


@step(power=MAY_ACCEPT, methods=("POST",))
def join(request: StepRequest, topic_id: int) -> HttpResponse:
    """Let the chosen matters follow the main one, and tell what could not."""
    chosen, master = _chosen(request)

    def act(scope: Scope) -> dict[str, Any]:
        done = join_topic(TopicId(topic_id), master, chosen, scope=scope, at=request.at)
        return {"done": [_told(one) for one in done]}

    try:
        answer = perform_form(request, name="appeals.join_topic", effect=act).answer
    except Refused as refused:
        return _refused(request, refused)
    joined = sum(not refusal for _number, refusal in answer["done"])
    words = ngettext(
        "%(n)s matter follows the main one now.", "%(n)s matters follow the main one now.", joined
    )
    messages.success(request, words % {"n": joined})
    for number, refusal in answer["done"]:
        if refusal:
            messages.error(request, f"{number}: {refusal}")
    return HttpResponseRedirect(reverse("officer:matter", args=[master]), status=303)


def _told(one: Fulfilled) -> list[str]:
    return [one.number, one.refusal]


def _chosen(request: StepRequest) -> tuple[list[tuple[CaseId, int]], CaseId]:
    chosen = []
    for given in request.POST.getlist("case")[:100]:
        key, _bar, version = given.partition(":")
        if key.isdigit() and version.isdigit():
            chosen.append((CaseId(int(key)), int(version)))
    master = request.POST.get("master", "").partition(":")[0]
    return chosen, CaseId(int(master) if master.isdigit() else 0)


@step(power=MAY_ACCEPT, methods=("POST",))
def dismiss(request: StepRequest, topic_id: int) -> HttpResponse:
    """Remember that these are not one matter."""

    def act(scope: Scope) -> dict[str, Any]:
        words = request.POST.get("words", "")
        dismiss_topic(TopicId(topic_id), words, scope=scope, at=request.at)
        return {}

    try:
        perform_form(request, name="appeals.dismiss_topic", effect=act)
    except Refused as refused:
        return _refused(request, refused)
    messages.success(request, _("Dismissed. It is shown again only when more people tell it."))
    return HttpResponseRedirect(reverse("appeals:topics"), status=303)


def _refused(request: StepRequest, refused: Refused) -> HttpResponse:
    if refused.status == 403:
        raise refused
    messages.error(request, refused.spoken())
    return HttpResponseRedirect(reverse("appeals:topics"), status=303)
