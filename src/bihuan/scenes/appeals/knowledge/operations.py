"""Writing, reviewing, publishing and withdrawing articles."""

from __future__ import annotations

import uuid
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_noop as _

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import PersonId, Scope, UnitId
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused
from bihuan.scenes.appeals.facts import ArticleDue, ArticleSettled
from bihuan.scenes.appeals.knowledge.models import ArticleRow, ArticleVersion
from bihuan.scenes.appeals.knowledge.queries import reach
from bihuan.scenes.appeals.knowledge.rules import fault_of
from bihuan.scenes.appeals.knowledge.types import (
    ARTICLE,
    MAY_REVIEW_ARTICLES,
    MAY_WRITE_ARTICLES,
    ArticleId,
    Draft,
    Stage,
)

STANDARD = "appeals.knowledge"
FAULTS = {
    "no_question": _("Write the question as people ask it."),
    "no_answer": _("Write the answer."),
    "no_basis": _("Name on what the answer rests: a rule, a notice, a document of the unit."),
    "too_long": _("This is too long."),
    "no_days": _("Say from when it holds and when it is looked at again."),
    "ends_early": _("It ends before it begins."),
    "review_early": _("The day of the next look must come after the day from which it holds."),
    "number": _("A public article holds no mobile or identity number. Name an office."),
}
OPEN = (Stage.DRAFT, Stage.SENT_BACK)


class UnableToKeepArticle(Refused):
    """The article lacks something, or does not stand where this may be done."""


def write_article(
    draft: Draft,
    *,
    scope: Scope,
    at: datetime,
    article_id: ArticleId | None = None,
    unit_id: UnitId | None = None,
    submit: bool = False,
) -> ArticleId:
    """Write a new article, or the next version of one; `submit` gives it to another to review.

    An article belongs to the own unit; the centre, which reviews, writes for any unit of its area.

    Raises:
        NotAllowed, NotFound: no such power, no such article in one's care.
        UnableToKeepArticle: something lacks, or another is looking at it just now.
    """
    draft = _filled(draft, at=at)
    fault = fault_of(draft)
    if fault:
        raise UnableToKeepArticle(FAULTS[fault[1]], field=fault[0], code=fault[1])
    with transaction.atomic():
        row = _lock(article_id, scope) if article_id else _new(unit_id, scope)
        person_id = _writer(row, scope)
        version = ArticleVersion.objects.filter(article=row).exclude(stage="published").first()
        if version is not None and version.stage == Stage.IN_REVIEW:
            raise UnableToKeepArticle("Somebody is reviewing it now. Wait, or ask to send it back.")
        if version is None:
            last = row.versions.aggregate(last=Max("no"))["last"] or 0
            version = ArticleVersion(article=row, no=last + 1)
        for name, value in asdict(draft).items():
            setattr(version, name, value.strip() if isinstance(value, str) else value)
        version.stage = (Stage.IN_REVIEW if submit else Stage.DRAFT).value
        version.written_by, version.written_at, version.words = person_id, at, ""
        version.reviewed_by = version.reviewed_at = None
        version.save()
        if submit:
            _record(row, "submitted", version.no, scope=scope, at=at)
    return ArticleId(row.pk)


def _filled(draft: Draft, *, at: datetime) -> Draft:
    """Give a draft the days that it does not name: from today, looked at again by the standard."""
    today = clock.business_date(at)
    begins = draft.valid_from or today
    days = int(standards.get_standard(STANDARD, on=today).value["review_days"])
    review_on = draft.review_on or max(begins, today) + timedelta(days=days)
    return replace(draft, valid_from=begins, review_on=review_on)


def _new(unit_id: UnitId | None, scope: Scope) -> ArticleRow:
    wanted = unit_id or scope.unit_id
    if wanted is None:
        raise NotAllowed("An article belongs to a unit, and your post has none.")
    unit = registry.get_unit(wanted)
    row = ArticleRow(unit_id=unit.id, area_path=unit.area_path)
    _writer(row, scope)
    row.number = f"new-{uuid.uuid4().hex[:12]}"
    row.save()
    row.number = f"ZS-{row.pk:05d}"
    row.save(update_fields=["number"])
    return row


def _writer(row: ArticleRow, scope: Scope) -> PersonId:
    """Return the person who may write this article.

    Raises:
        NotAllowed: not of this unit, and not of the centre of its area.
    """
    own = UnitId(row.unit_id) in scope.unit_ids
    centre = scope.has(MAY_REVIEW_ARTICLES) and scope.covers(row.area_path)
    if not scope.has(MAY_WRITE_ARTICLES) or scope.person_id is None or not (own or centre):
        raise NotAllowed("Articles are written by the unit that stands for them, or by the centre.")
    return scope.person_id


def _lock(article_id: ArticleId, scope: Scope) -> ArticleRow:
    row = ArticleRow.objects.select_for_update().filter(reach(scope), pk=article_id).first()
    if row is None:
        raise NotFound("There is no such article in your care.")
    return row


def submit_article(article_id: ArticleId, *, scope: Scope, at: datetime) -> None:
    """Give a draft to another person to review.

    Raises:
        NotAllowed, NotFound, UnableToKeepArticle.
    """
    with transaction.atomic():
        row = _lock(article_id, scope)
        _writer(row, scope)
        version = _version(row, *OPEN)
        version.stage = Stage.IN_REVIEW.value
        version.save(update_fields=["stage"])
        _record(row, "submitted", version.no, scope=scope, at=at)


def publish_article(article_id: ArticleId, *, scope: Scope, at: datetime) -> None:
    """Publish what another person wrote; the version before it gives way and is kept.

    Raises:
        NotAllowed: the post does not review, or one wrote it oneself.
        NotFound, UnableToKeepArticle.
    """
    with transaction.atomic():
        row, version, person_id = _reviewing(article_id, scope)
        version.stage = Stage.PUBLISHED.value
        version.reviewed_by, version.reviewed_at = person_id, at
        version.save(update_fields=["stage", "reviewed_by", "reviewed_at"])
        row.live_no, row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = (
            version.no,
            None,
            None,
            "",
        )
        row.reminded_of = None
        row.save()
        _record(row, "published", version.no, scope=scope, at=at)


def send_back_article(article_id: ArticleId, words: str, *, scope: Scope, at: datetime) -> None:
    """Send a version back to who wrote it, with what is to be mended.

    Raises:
        NotAllowed, NotFound, UnableToKeepArticle.
    """
    if not words.strip():
        raise UnableToKeepArticle("Say what is to be mended.", field="words")
    with transaction.atomic():
        row, version, _reviewer = _reviewing(article_id, scope)
        version.stage, version.words = Stage.SENT_BACK.value, words.strip()[:200]
        version.save(update_fields=["stage", "words"])
        _record(row, "sent_back", version.no, scope=scope, at=at)


def _reviewing(article_id: ArticleId, scope: Scope) -> tuple[ArticleRow, ArticleVersion, PersonId]:
    row = _lock(article_id, scope)
    if not scope.has(MAY_REVIEW_ARTICLES) or not scope.covers(row.area_path):
        raise NotAllowed("Your post does not review articles.")
    version = _version(row, Stage.IN_REVIEW)
    if scope.person_id is None or version.written_by == scope.person_id:
        raise NotAllowed("You wrote it: another person reviews it.", code="own_words")
    return row, version, scope.person_id


def _version(row: ArticleRow, *stages: Stage) -> ArticleVersion:
    found = row.versions.filter(stage__in=[stage.value for stage in stages]).first()
    if found is None:
        raise UnableToKeepArticle("Somebody was quicker: the article has moved on. Look again.")
    return found


def withdraw_article(article_id: ArticleId, words: str, *, scope: Scope, at: datetime) -> None:
    """Take a published article out of use; its versions are kept.

    Raises:
        NotAllowed, NotFound: no such power, no such article.
        UnableToKeepArticle: without a reason, or none is in force.
    """
    if not words.strip():
        raise UnableToKeepArticle("Say why it is taken out of use.", field="words")
    with transaction.atomic():
        row = _lock(article_id, scope)
        person_id = _writer(row, scope)
        if row.live_no is None:
            raise UnableToKeepArticle("No version of it is in force.")
        before, row.live_no = row.live_no, None
        row.withdrawn_at, row.withdrawn_by = at, person_id
        row.withdrawn_why = words.strip()[:200]
        row.save()
        _record(row, "withdrawn", before, scope=scope, at=at)


def remind_of_reviews(*, at: datetime) -> int:
    """Record for each article past its day of review that its unit looks; once for each day."""
    today = clock.business_date(at)
    scope = registry.system_scope("appeals.knowledge", ())
    with transaction.atomic():
        rows = _due(today)
        for row, review_on in rows:
            row.reminded_of = review_on
            row.save(update_fields=["reminded_of"])
            fact = ArticleDue(
                subject=Ref(ARTICLE, str(row.pk)),
                number=row.number,
                unit_id=row.unit_id,
                area_path=row.area_path,
                review_on=review_on,
            )
            events.record(fact, origin=scope.origin, at=at)
    return len(rows)


def _due(today: date) -> list[tuple[ArticleRow, date]]:
    past = ArticleVersion.objects.filter(no=F("article__live_no"), review_on__lt=today)
    days = dict(past.values_list("article_id", "review_on"))
    rows = ArticleRow.objects.select_for_update().filter(pk__in=days).order_by("pk")
    return [(row, days[row.pk]) for row in rows if row.reminded_of != days[row.pk]]


def _record(row: ArticleRow, what: str, no: int, *, scope: Scope, at: datetime) -> None:
    fact = ArticleSettled(Ref(ARTICLE, str(row.pk)), number=row.number, what=what, version=no)
    events.record(fact, origin=scope.origin, at=at)
