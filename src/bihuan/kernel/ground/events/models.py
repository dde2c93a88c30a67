"""Tables of the record."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now


class FactRow(models.Model):
    """One thing that happened. Never changed, never deleted: the database refuses both."""

    personal_data = "Ids of accounts and posts only; payloads hold ids, codes and dates."

    name = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    door = models.CharField(max_length=12)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    command_id = models.UUIDField(null=True)
    words = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        """Read by subject, in order."""

        db_table = "events_fact"
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_key", "id"], name="events_fact_subject"),
            models.Index(fields=["name", "at"], name="events_fact_name_at"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Delivery(models.Model):
    """One fact for one subscriber: written with the fact, claimed once, kept when it fails."""

    personal_data = "none"

    class State(models.TextChoices):
        """Where a delivery stands."""

        PENDING = "pending"
        DONE = "done"
        DEAD = "dead"

    fact = models.ForeignKey(FactRow, on_delete=models.PROTECT, related_name="+")
    subscriber = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        """Unique for each subscriber, so that nothing is delivered twice by mistake."""

        db_table = "events_delivery"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fact", "subscriber"], name="events_delivery_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "fact"],
                condition=models.Q(state="pending"),
                name="events_delivery_pending",
            )
        ]
