"""Versions of classifiers."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q


class Version(models.Model):
    """What was learnt once for a task: arrays, what it was compared with, whether it serves now."""

    personal_data = (
        "None on purpose: runs of at most four characters that stand in several texts, and "
        "numbers. A run can be a common name; it is never shown apart from the reader's own text."
    )

    task = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    learnt_until = models.DateTimeField()
    """The opening of the latest matter that it learnt from: it is compared on later ones only."""
    rows = models.PositiveIntegerField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)
    in_force = models.BooleanField(default=False)
    served_before = models.BooleanField(default=False)

    class Meta:
        """One version of a task serves; what was learnt is never rewritten."""

        db_table = "learning_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "number"], name="learning_version_once"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(in_force=True), name="learning_version_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(in_force=False) | Q(served_before=True),
                name="learning_version_serving_is_remembered",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(
                name="what_was_learnt_stays",
                fields=["task", "number", "made_at", "learnt_until", "rows", "content", "digest"],
            )
        ]
