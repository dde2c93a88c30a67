"""What stands beside matters: references of another procedure, saved filters, ready words."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class LinkedReference(models.Model):
    """A matter under petition procedure (信访) as the one inbox shows it.

    It is no matter of this room: it has no life here, is never accepted, closed or evaluated by
    hotline rules, and keeps the limits of its own regulation.
    """

    personal_data = "Title is written by people and may name them; seen only through a Scope."

    number = models.CharField(max_length=40, unique=True)
    """Its number in the procedure's own system."""
    title = models.CharField(max_length=120)
    area_path = models.CharField(max_length=120)
    unit = models.ForeignKey("registry.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """The organ that the regulation makes responsible."""
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    """A matter of the hotline about the same, if any."""
    registered_on = models.DateField()
    answer_by = models.DateField()
    """By when its raiser is told whether it is taken on: 15 days."""
    complete_by = models.DateField()
    """By when it is completed: 60 days, once extended by at most 30."""
    extended_days = models.PositiveSmallIntegerField(default=0)
    extension_words = models.TextField(blank=True)
    told_on = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    """What the procedure's own system reports; nobody completes it here."""
    linked_at = models.DateTimeField()

    class Meta:
        """The regulation's limits."""

        db_table = "cases_reference"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(extended_days__lte=30), name="cases_reference_extended_at_most_30"
            ),
            models.CheckConstraint(
                condition=Q(extended_days=0) | ~Q(extension_words=""),
                name="cases_reference_extended_with_words",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("registered_on")) & Q(complete_by__gte=F("answer_by")),
                name="cases_reference_dates_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["complete_by"], name="cases_reference_due")]


class SavedFilter(models.Model):
    """A list that somebody looks at often, by name."""

    personal_data = "Whose it is."

    account_id = models.BigIntegerField()
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=300)

    class Meta:
        """A name stands once for each person."""

        db_table = "cases_saved_filter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "name"], name="cases_saved_filter_once")
        ]


class ReplyTemplate(models.Model):
    """Words that a unit answers with often."""

    personal_data = "none"

    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    words = models.TextField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        """A name stands once for each unit."""

        db_table = "cases_reply_template"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "name"], name="cases_reply_template_once")
        ]


class LimitWish(models.Model):
    """That a new limit shall hold for open matters too: asked by one person, decided by another."""

    personal_data = "Ids of who asked and who decided."

    code = models.CharField(max_length=120)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=2)
    source = models.CharField(max_length=200)
    """The document that changes the limit; the reason that a moved date gives."""
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        """One waits for a limit at a time, and nobody grants what he asked for."""

        db_table = "cases_limit_wish"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(decided_at__isnull=True),
                name="cases_limit_wish_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="cases_limit_wish_another_decides",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(granted__isnull=False),
                name="cases_limit_wish_decided_either_way",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="cases_limit_wish_has_source"),
        ]
