"""The knowledge base for officers: find, write, review, publish, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope, UnitId
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.stage.types import Hit
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.ui.words import day_words, moment_words
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.knowledge import operations, queries
from bihuan.scenes.appeals.knowledge.rules import is_past_review
from bihuan.scenes.appeals.knowledge.types import (
    MAY_READ_ARTICLES,
    MAY_REVIEW_ARTICLES,
    MAY_WRITE_ARTICLES,
    Article,
    ArticleId,
    Draft,
    Line,
    Stage,
    Version,
)
from bihuan.scenes.appeals.panels import class_words

SHELVES = ("in_force", "open", "due", "withdrawn")


def shelf_words(shelf: str) -> str:
    """Return a shelf in words."""
    return {
        "in_force": _("In force"),
        "open": _("Drafts and reviews"),
        "due": _("To look at again"),
        "withdrawn": _("Out of use"),
    }[shelf]


def stage_words(stage: Stage) -> str:
    """Return where a version stands, in words."""
    return {
        Stage.DRAFT: _("Draft"),
        Stage.IN_REVIEW: _("Waits for a review"),
        Stage.SENT_BACK: _("Sent back"),
        Stage.PUBLISHED: _("Published"),
    }[stage]


@dataclass(frozen=True, slots=True)
class Row:
    """One article of a shelf."""

    href: str
    line: Line
    title: str
    stage: str
    due: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A shelf with its count."""

    href: str
    words: str
    current: bool
    count: str


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """The articles of a shelf."""

    tabs: tuple[Tab, ...]
    shelf: str
    text: str
    rows: tuple[Row, ...]
    may_write: bool
    empty: values.Empty
    nav: tuple[values.NavLink, ...]
    who: str


def nav_of() -> tuple[values.NavLink, ...]:
    """Return the ways of these pages."""
    return (
        values.NavLink(reverse("officer:worklist"), "inbox", _("Worklist")),
        values.NavLink(reverse("appeals:knowledge"), "bulb", _("Knowledge base"), current=True),
    )


@step(power=MAY_READ_ARTICLES, methods=("GET",))
def shelf(request: StepRequest) -> HttpResponse:
    """Show the articles of a shelf, narrowed by words."""
    asked = request.GET.get("shelf", "")
    name = asked if asked in SHELVES else SHELVES[0]
    text = request.GET.get("q", "")[:60]
    found = queries.list_articles(name, scope=request.scope, at=request.at, text=text)
    counts = queries.count_shelves(scope=request.scope, at=request.at)
    may_write = request.scope.has(MAY_WRITE_ARTICLES)
    base = reverse("appeals:knowledge")
    shown = ShelfPage(
        tabs=tuple(
            Tab(f"{base}?shelf={s}", shelf_words(s), s == name, str(counts.get(s) or ""))
            for s in SHELVES
        ),
        shelf=name,
        text=text,
        rows=tuple(_row(line, request.at) for line in found),
        may_write=may_write,
        empty=values.Empty(
            _("No article stands here."),
            _("An article is written by the unit that stands for it, and reviewed by another."),
            reverse("appeals:new_article") if may_write else "",
            _("Write an article") if may_write else "",
            "bulb",
        ),
        nav=nav_of(),
        who=who_of(request),
    )
    return page(request, "appeals/knowledge.html", shown)


def _row(line: Line, at: datetime) -> Row:
    past = is_past_review(line.review_on, clock.business_date(at))
    return Row(
        href=reverse("appeals:article", args=[line.id]),
        line=line,
        title=class_words(line.class_code) if line.class_code else "",
        stage=_("Out of use") if line.withdrawn else stage_words(line.stage),
        due=day_words(line.review_on) if past else "",
    )


def search(text: str, scope: Scope, at: datetime) -> tuple[Hit, ...]:
    """Return the articles in force that hold the words: for the search of all pages."""
    return tuple(
        Hit(
            reverse("appeals:article", args=[line.id]),
            line.question,
            f"{line.unit_name} · {line.answer[:40]}",
            line.number,
        )
        for line in queries.list_articles("in_force", scope=scope, at=at, text=text)
    )


def words_of(key: str, scope: Scope, at: datetime) -> str:
    """Return an article's answer with its number, to begin an answer with."""
    found = queries.find_words(key, scope, at)
    return article_words(found.line) if found else ""


def article_words(line: Line) -> str:
    """Return an answer and where it comes from: the number stays with what is answered."""
    told = _("(Article %(number)s, version %(no)s)") % {"number": line.number, "no": line.no}
    return f"{line.answer}\n{told}"


# -- one article ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version, with who wrote and who reviewed it."""

    version: Version
    stage: str
    is_live: bool
    holds: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article and what may be done with it now."""

    article: Article
    cards: tuple[VersionCard, ...]
    title: str
    state: str
    past_review: str
    acts: tuple[str, ...]
    public_href: str
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_READ_ARTICLES, methods=("GET",))
def show(request: StepRequest, article_id: int) -> HttpResponse:
    """Show an article with its versions, the newest first."""
    article = queries.get_article(ArticleId(article_id), scope=request.scope)
    names = registry.person_cards(
        person
        for v in article.versions
        for person in (v.written_by, v.reviewed_by)
        if person is not None
    )
    live, newest = article.live, article.versions[0]
    past = live is not None and is_past_review(
        live.draft.review_on or clock.business_date(request.at), clock.business_date(request.at)
    )
    shown = ArticlePage(
        article=article,
        cards=tuple(_card(v, article, names, request.at) for v in article.versions),
        title=(live or newest).draft.question,
        state=_state(article),
        past_review=day_words(live.draft.review_on)
        if past and live and live.draft.review_on
        else "",
        acts=_acts(article, request.scope),
        public_href=reverse("appeals:answer", args=[article.number])
        if live and live.draft.is_public
        else "",
        nav=nav_of(),
        who=who_of(request),
    )
    return page(request, "appeals/article.html", shown)


def _state(article: Article) -> str:
    if article.withdrawn_at:
        return _("Out of use: %(why)s") % {"why": article.withdrawn_why}
    if article.live:
        return _("Version %(no)s is in force") % {"no": article.live.no}
    return stage_words(article.versions[0].stage)


def _card(version: Version, article: Article, names: Any, at: datetime) -> VersionCard:
    told = [
        _("Written by %(who)s, %(when)s")
        % {"who": names[version.written_by].name, "when": moment_words(version.written_at, at)}
    ]
    if version.reviewed_by and version.reviewed_at:
        when = moment_words(version.reviewed_at, at)
        words = _("Reviewed by %(who)s, %(when)s")
        told.append(words % {"who": names[version.reviewed_by].name, "when": when})
    if version.words:
        told.append(_("Sent back: %(words)s") % {"words": version.words})
    return VersionCard(
        version=version,
        stage=stage_words(version.stage),
        is_live=article.live is not None and article.live.no == version.no,
        holds=_holds(version.draft),
        told=tuple(told),
    )


def _holds(draft: Draft) -> str:
    assert draft.valid_from is not None
    assert draft.review_on is not None
    said = [_("holds from %(day)s") % {"day": _day(draft.valid_from)}]
    if draft.valid_until:
        said.append(_("until before %(day)s") % {"day": _day(draft.valid_until)})
    said.append(_("looked at again by %(day)s") % {"day": _day(draft.review_on)})
    return " · ".join(said)


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}"


def _acts(article: Article, scope: Scope) -> tuple[str, ...]:
    """Return what the reader may do; the operation decides once more."""
    own = article.unit_id in scope.unit_ids or scope.has(MAY_REVIEW_ARTICLES)
    writes, version = scope.has(MAY_WRITE_ARTICLES) and own, article.open_version
    acts = []
    if version is not None and version.stage is Stage.IN_REVIEW:
        if scope.has(MAY_REVIEW_ARTICLES) and version.written_by != scope.person_id:
            acts += ["publish", "send_back"]
    elif writes:
        acts += ["edit", "submit"] if version else ["edit"]
    if article.live and writes:
        acts.append("withdraw")
    return tuple(acts)


@step(power=MAY_WRITE_ARTICLES, methods=("POST",))
def act(request: StepRequest, article_id: int, act: str) -> HttpResponse:
    """Submit, publish, send back or withdraw an article."""
    key, words = ArticleId(article_id), request.POST.get("words", "")
    at = request.at
    acts: dict[str, tuple[Callable[[Scope], None], str]] = {
        "submit": (
            lambda scope: operations.submit_article(key, scope=scope, at=at),
            _("Another person reviews it now."),
        ),
        "publish": (
            lambda scope: operations.publish_article(key, scope=scope, at=at),
            _("Published."),
        ),
        "send-back": (
            lambda scope: operations.send_back_article(key, words, scope=scope, at=at),
            _("Sent back."),
        ),
        "withdraw": (
            lambda scope: operations.withdraw_article(key, words, scope=scope, at=at),
            _("Taken out of use."),
        ),
    }
    if act not in acts:
        raise NotFound("There is no such step.")
    effect, told = acts[act]

    def perform(scope: Scope) -> dict[str, Any]:
        effect(scope)
        return {}

    try:
        perform_form(request, name=f"appeals.article_{act}", effect=perform)
    except Refused as refused:
        if refused.status == 404:
            raise
        messages.error(request, refused.spoken())
    else:
        messages.success(request, told)
    return HttpResponseRedirect(reverse("appeals:article", args=[article_id]), status=303)


# -- writing --------------------------------------------------------------------------------------


class ArticleForm(forms.Form):
    """What an article has."""

    question = forms.CharField(
        label=gettext_lazy("Question, as people ask it"), max_length=120, required=False
    )
    asked_as = forms.CharField(
        label=gettext_lazy("Other words for it"),
        help_text=gettext_lazy("Such as: no water, water off; with blanks between."),
        max_length=200,
        required=False,
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=3000,
        required=False,
    )
    basis = forms.CharField(
        label=gettext_lazy("On what it rests"),
        help_text=gettext_lazy("A rule, a notice, a document of the unit."),
        max_length=300,
        required=False,
    )
    class_code = forms.ChoiceField(label=gettext_lazy("Class"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit that stands for it"), required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("Holds from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Until before"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    review_on = forms.DateField(
        label=gettext_lazy("Looked at again by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    is_public = forms.BooleanField(label=gettext_lazy("Anybody may read it"), required=False)

    def __init__(self, *args: Any, units: tuple[tuple[str, str], ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        classes = [(one.code, _(one.title)) for one in CLASSES]
        self.fields["class_code"].choices = [("", "—"), *classes]  # type: ignore[attr-defined]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        if not units:
            del self.fields["unit"]


@dataclass(frozen=True, slots=True)
class WritePage:
    """The form of an article."""

    form: ArticleForm
    heading: str
    sent_back: str
    back: str
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_WRITE_ARTICLES)
def write(request: StepRequest, article_id: int | None = None) -> HttpResponse:
    """Write a new article, or the next version of one."""
    key = ArticleId(article_id) if article_id else None
    article = queries.get_article(key, scope=request.scope) if key else None
    units = () if article else _units(request.scope)
    if request.method != "POST":
        initial = _initial(article)
        return _form_page(request, ArticleForm(initial=initial, units=units), article)
    form = ArticleForm(request.POST, units=units)
    if not form.is_valid():
        return _form_page(request, form, article, status=422)
    given = dict(form.cleaned_data)
    unit = given.pop("unit", "")

    def effect(scope: Scope) -> dict[str, Any]:
        made = operations.write_article(
            Draft(**given),
            scope=scope,
            at=request.at,
            article_id=key,
            unit_id=UnitId(int(unit)) if unit else None,
            submit=request.POST.get("what") == "submit",
        )
        return {"article": made}

    try:
        answer = perform_form(request, name="appeals.write_article", effect=effect).answer
    except Refused as refused:
        if refused.status in {403, 404}:
            raise
        form.add_error(refused.field if refused.field in form.fields else None, refused.spoken())
        return _form_page(request, form, article, status=refused.status)
    messages.success(request, _("Kept."))
    address = reverse("appeals:article", args=[answer["article"]])
    return HttpResponseRedirect(address, status=303)


def _units(scope: Scope) -> tuple[tuple[str, str], ...]:
    """Return the units for which the centre may write; a unit writes for itself."""
    if not scope.has(MAY_REVIEW_ARTICLES):
        return ()
    found = [unit for path in scope.area_paths for unit in registry.list_units(below=path)]
    return tuple((str(unit.id), unit.name) for unit in found)


def _initial(article: Article | None) -> dict[str, Any]:
    if article is None:
        return {}
    draft = article.versions[0].draft
    fields = ("question", "asked_as", "answer", "basis", "class_code", "is_public")
    days = ("valid_from", "valid_until", "review_on") if article.open_version else ()
    return {name: getattr(draft, name) for name in (*fields, *days)}


def _form_page(
    request: StepRequest, form: ArticleForm, article: Article | None, *, status: int = 200
) -> HttpResponse:
    version = article.open_version if article else None
    shown = WritePage(
        form=form,
        heading=_("Next version of %(number)s") % {"number": article.number}
        if article
        else _("Write an article"),
        sent_back=version.words if version else "",
        back=reverse("appeals:article", args=[article.id])
        if article
        else reverse("appeals:knowledge"),
        nav=nav_of(),
        who=who_of(request),
    )
    return page(request, "appeals/article_form.html", shown, status=status)
