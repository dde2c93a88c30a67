"""What is remembered of a reader."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class TourRow(models.Model):
    """How far an account has come with the tour of a role; it may be taken again."""

    personal_data = "Which account saw which tour."

    account = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=40)
    step = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One for each role."""

        db_table = "ui_tour"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "role"], name="ui_tour_once_a_role"),
            models.CheckConstraint(condition=Q(step__lte=6), name="ui_tour_at_most_six"),
        ]
