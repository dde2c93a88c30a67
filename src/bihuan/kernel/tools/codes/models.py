"""Tables of codes."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q


class CodeRow(models.Model):
    """A code that was issued for a subject; a new version revokes the one before."""

    personal_data = "none"

    kind = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """One living code of a kind for a subject."""

        db_table = "codes_code"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_key"],
                condition=Q(revoked_at__isnull=True),
                name="codes_code_one_living",
            )
        ]


class StandingRow(models.Model):
    """One standing of a subject; the newest holds. Never changed: the history is the record."""

    personal_data = "none"

    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    colour = models.CharField(max_length=6)
    score = models.SmallIntegerField()
    awaits_person = models.BooleanField(default=False)
    decision = models.ForeignKey(
        "standards.DecisionRow", on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()
    computed_at = models.DateTimeField()

    class Meta:
        """Known colours, a score from 0 to 100."""

        db_table = "codes_standing"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(colour__in=["green", "yellow", "red"]), name="codes_standing_colour"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100), name="codes_standing_score"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_key", "-id"], name="codes_standing_last")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Scan(models.Model):
    """One check of a code, by nobody in particular."""

    personal_data = "none: neither address nor account of who checked"

    code = models.ForeignKey(CodeRow, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)
    dynamic = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        """Added, never changed."""

        db_table = "codes_scan"
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
