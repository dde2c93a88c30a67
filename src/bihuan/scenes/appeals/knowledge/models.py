"""Tables of the knowledge base."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from bihuan.scenes.appeals.knowledge.types import Stage


class ArticleRow(models.Model):
    """An article: its number, the unit that stands for it, the version in force."""

    personal_data = "Who withdrew it, as an id."

    number = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    live_no = models.PositiveSmallIntegerField(null=True)
    """The version in force; none before the first is published and after it is withdrawn."""
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    reminded_of = models.DateField(null=True)
    """The day of review of which its unit was reminded."""

    class Meta:
        """Withdrawn with a reason, and then no version is in force."""

        db_table = "appeals_article"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | (Q(live_no__isnull=True) & ~Q(withdrawn_why="")),
                name="appeals_article_withdrawn_with_reason",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["area_path"],
                condition=Q(live_no__isnull=False),
                name="appeals_article_live",
            )
        ]


class ArticleVersion(models.Model):
    """One version of an article. Once it was published nothing of it changes."""

    personal_data = "Who wrote and who reviewed it, as ids; a public one is refused with numbers."

    article = models.ForeignKey(ArticleRow, on_delete=models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Stage])
    question = models.CharField(max_length=120)
    asked_as = models.CharField(max_length=200, blank=True)
    answer = models.TextField()
    basis = models.CharField(max_length=300)
    class_code = models.CharField(max_length=40, blank=True)
    is_public = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """The first day on which it no longer holds."""
    review_on = models.DateField()
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=200, blank=True)
    """Why it was sent back."""

    class Meta:
        """Reviewed by another person; one version is open at a time."""

        db_table = "appeals_article_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "no"], name="appeals_article_version_no"),
            models.UniqueConstraint(
                fields=["article"],
                condition=~Q(stage="published"),
                name="appeals_article_one_open_version",
            ),
            models.CheckConstraint(
                condition=~Q(stage="published")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="appeals_article_published_was_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("written_by")),
                name="appeals_article_another_reviews",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="appeals_article_ends_after_it_begins",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__stage="published"),
            )
        ]
