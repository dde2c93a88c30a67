"""Reading articles: lists, one with its versions, those that fit a matter, the public ones."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from bihuan.kernel.affairs.cases.types import CaseView
from bihuan.kernel.ground.registry.types import PersonId, Scope, UnitId
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.web.errors import NotFound
from bihuan.scenes.appeals.knowledge.models import ArticleRow, ArticleVersion
from bihuan.scenes.appeals.knowledge.rules import Question, find_fitting
from bihuan.scenes.appeals.knowledge.types import (
    MAY_READ_ARTICLES,
    Article,
    ArticleId,
    Draft,
    Line,
    Stage,
    Suggested,
    Version,
)

MOST = 100
MOST_READ = 2000
"""So many articles of an area are compared with a matter."""


def reach(scope: Scope, field: str = "area_path") -> Q:
    """Return the condition of articles that hold where `scope` works: below, at and above it."""
    condition = Q(pk__in=[])
    for path in scope.area_paths:
        steps = path.strip("/").split("/")
        above = ["/".join(steps[:n]) + "/" for n in range(1, len(steps))]
        condition |= Q(**{f"{field}__startswith": path}) | Q(**{f"{field}__in": above})
    return condition


def _versions(scope: Scope) -> QuerySet[ArticleVersion]:
    return ArticleVersion.objects.select_related("article__unit").filter(
        reach(scope, "article__area_path")
    )


def _live(rows: QuerySet[ArticleVersion]) -> QuerySet[ArticleVersion]:
    return rows.filter(no=F("article__live_no"))


def _in_force(rows: QuerySet[ArticleVersion], today: date) -> QuerySet[ArticleVersion]:
    until = Q(valid_until__isnull=True) | Q(valid_until__gt=today)
    return _live(rows).filter(until, valid_from__lte=today)


def _matching(rows: QuerySet[ArticleVersion], text: str) -> QuerySet[ArticleVersion]:
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(question__icontains=word)
            | Q(answer__icontains=word)
            | Q(asked_as__icontains=word)
            | Q(basis__icontains=word)
            | Q(article__number__iexact=word)
        )
    return rows


def list_articles(shelf: str, *, scope: Scope, at: datetime, text: str = "") -> tuple[Line, ...]:
    """Return the articles of a shelf: in_force, open, due or withdrawn; one statement."""
    if not scope.has(MAY_READ_ARTICLES):
        return ()
    rows, today = _versions(scope), clock.business_date(at)
    if shelf == "open":
        rows = rows.exclude(stage=Stage.PUBLISHED.value)
    elif shelf == "due":
        rows = _live(rows).filter(review_on__lt=today)
    elif shelf == "withdrawn":
        rows = rows.filter(article__withdrawn_at__isnull=False, stage=Stage.PUBLISHED.value)
        rows = rows.order_by("article", "-no").distinct("article")
        return tuple(_line(row) for row in _matching(rows, text)[:MOST])
    else:
        rows = _in_force(rows, today)
    return tuple(_line(row) for row in _matching(rows, text).order_by("-pk")[:MOST])


def count_shelves(*, scope: Scope, at: datetime) -> dict[str, int]:
    """Return how many articles wait: for a review, and for a look after their day."""
    if not scope.has(MAY_READ_ARTICLES):
        return {"open": 0, "due": 0}
    rows, today = _versions(scope), clock.business_date(at)
    return {
        "open": rows.exclude(stage=Stage.PUBLISHED.value).count(),
        "due": _live(rows).filter(review_on__lt=today).count(),
    }


def get_article(article_id: ArticleId, *, scope: Scope) -> Article:
    """Return an article with all its versions.

    Raises:
        NotFound: there is none where the scope works.
    """
    found = ArticleRow.objects.select_related("unit").filter(reach(scope), pk=article_id).first()
    if found is None or not scope.has(MAY_READ_ARTICLES):
        raise NotFound("There is no such article in your care.")
    versions = tuple(_version(row) for row in found.versions.order_by("-no"))
    return Article(
        id=ArticleId(found.pk),
        number=found.number,
        unit_id=UnitId(found.unit_id),
        unit_name=found.unit.name,
        live=next((v for v in versions if v.no == found.live_no), None),
        versions=versions,
        withdrawn_at=found.withdrawn_at,
        withdrawn_why=found.withdrawn_why,
    )


def suggest_articles(
    text: str, class_code: str, *, scope: Scope, at: datetime
) -> tuple[Suggested, ...]:
    """Return the articles in force that may answer a text, the best first; two statements."""
    today = clock.business_date(at)
    rule = standards.get_standard("appeals.knowledge", on=today).value
    rows = _in_force(_versions(scope), today).order_by("-pk")
    columns = rows.values_list("pk", "question", "asked_as", "class_code")[:MOST_READ]
    fits = find_fitting(
        text,
        class_code,
        [Question(*row) for row in columns],
        least=float(rule["least_fit"]),
        most=int(rule["most_suggested"]),
    )
    if not fits:
        return ()
    kept = {row.pk: row for row in rows.filter(pk__in=[key for key, _fit in fits])}
    return tuple(Suggested(_line(kept[key]), fit, kept[key].basis) for key, fit in fits)


def suggest_for(view: CaseView, scope: Scope, at: datetime) -> tuple[Suggested, ...]:
    """Return the articles that may answer a matter: the panel beside the answer."""
    if not (view.moves or any(part.moves for part in view.parts)):
        return ()
    text = f"{view.title}\n{view.text}"
    return suggest_articles(text, view.class_code, scope=scope, at=at)


def find_words(key: str, scope: Scope, at: datetime) -> Suggested | None:
    """Return the article in force with the number `key`, to answer with its words."""
    rows = _in_force(_versions(scope), clock.business_date(at))
    row = rows.filter(article__number=key.upper()).first()
    return Suggested(_line(row), 1.0, row.basis) if row else None


# -- the open face --------------------------------------------------------------------------------


def list_public(*, at: datetime, text: str = "", class_code: str = "") -> tuple[Line, ...]:
    """Return the articles that anybody may read, in force today."""
    rows = _in_force(
        ArticleVersion.objects.select_related("article__unit"), clock.business_date(at)
    )
    rows = rows.filter(is_public=True)
    if class_code:
        rows = rows.filter(class_code=class_code)
    return tuple(_line(row) for row in _matching(rows, text).order_by("class_code", "pk")[:MOST])


def get_public(number: str, *, at: datetime) -> tuple[Line, Version]:
    """Return an article that anybody may read.

    Raises:
        NotFound: there is none, it is not public, or it does not hold today.
    """
    rows = _in_force(
        ArticleVersion.objects.select_related("article__unit"), clock.business_date(at)
    )
    row = rows.filter(is_public=True, article__number=number.upper()).first()
    if row is None:
        raise NotFound("There is no such answer, or it no longer holds.")
    return _line(row), _version(row)


def _line(row: ArticleVersion) -> Line:
    return Line(
        id=ArticleId(row.article_id),
        number=row.article.number,
        question=row.question,
        answer=row.answer,
        class_code=row.class_code,
        unit_name=row.article.unit.name,
        no=row.no,
        stage=Stage(row.stage),
        review_on=row.review_on,
        is_public=row.is_public,
        withdrawn=row.article.withdrawn_at is not None,
    )


def _version(row: ArticleVersion) -> Version:
    return Version(
        no=row.no,
        stage=Stage(row.stage),
        draft=Draft(
            question=row.question,
            answer=row.answer,
            basis=row.basis,
            asked_as=row.asked_as,
            class_code=row.class_code,
            is_public=row.is_public,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            review_on=row.review_on,
        ),
        written_by=PersonId(row.written_by),
        written_at=row.written_at,
        reviewed_by=PersonId(row.reviewed_by) if row.reviewed_by else None,
        reviewed_at=row.reviewed_at,
        words=row.words,
    )
