"""Tables of the edge."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.platform.crypto.fields import EncryptedText


class ApiKey(models.Model):
    """A machine's key: the hash of a random token, what it may do, and until when.

    The token is 256 random bits, so that a plain hash cannot be guessed back; a slow one would only
    slow every request.
    """

    personal_data = "Who made it, as an id."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    secret = EncryptedText()
    """Signs what goes out and proves what comes in; unlike the token it must be read again."""
    system = models.CharField(max_length=20, blank=True)
    powers = models.JSONField(default=list)
    areas = models.JSONField(default=list)
    county = models.CharField(max_length=12)
    per_minute = models.PositiveIntegerField()
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """A key ends some day, and lets in at least one request a minute."""

        db_table = "adapters_key"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="adapters_key_ends_some_day"
            ),
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="adapters_key_some_rate"),
        ]


class Window(models.Model):
    """How often one asker came within one minute."""

    personal_data = "A key's prefix, or the hash of an address; removed after an hour."

    asker = models.CharField(max_length=64)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        """One row for each asker and minute."""

        db_table = "adapters_window"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asker", "minute"], name="adapters_window_once")
        ]


class HookRow(models.Model):
    """An address that wants to hear of things, as far as its key sees them."""

    personal_data = "none"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="hooks")
    url = models.CharField(max_length=400)
    topics = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One living address of a key once."""

        db_table = "adapters_hook"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "url"],
                condition=Q(ended_at__isnull=True),
                name="adapters_hook_once_a_key",
            )
        ]


class Call(models.Model):
    """Something to be brought to a system or a hook: once in effect, tried for three days.

    The row commits with its cause. The same key for the same target is the same call.
    """

    personal_data = "Numbers, codes, states and moments; no text that people wrote."

    class State(models.TextChoices):
        """Where it stands."""

        PENDING = "pending"
        DONE = "done"
        DEAD = "dead"

    target = models.CharField(max_length=48)
    """``system:<code>`` or ``hook:<id>``."""
    action = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        """One call for each key of a target; what waits is found at once."""

        db_table = "adapters_call"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "key"], name="adapters_call_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(state="pending"), name="adapters_call_pending"
            ),
            models.Index(fields=["target", "state"], name="adapters_call_target"),
        ]


class Arrival(models.Model):
    """Something that a system gave, under its number there, and what became of it.

    The row commits with its effect. The same number with the same contents gets the same answer.
    """

    personal_data = "The refusal's words and what it became, as an id; not what people wrote."

    class State(models.TextChoices):
        """What became of it."""

        TAKEN = "taken"
        REFUSED = "refused"

    system = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State)
    subject = models.CharField(max_length=120, blank=True)
    """What it became here, as one word."""
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        """One row for each number of a system."""

        db_table = "adapters_arrival"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "number"], name="adapters_arrival_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="adapters_arrival_subject"),
            models.Index(fields=["system", "state"], name="adapters_arrival_state"),
        ]


class LinkRow(models.Model):
    """How the connection to one system stands."""

    personal_data = "none"

    system = models.CharField(max_length=20, primary_key=True)
    cursor = models.CharField(max_length=200, blank=True)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        """Its own table."""

        db_table = "adapters_link"


class StandIn(models.Model):
    """The world outside, played: what a stand-in has to give, and what it was brought."""

    personal_data = "Invented text only: a stand-in runs in the demo and in tests."

    class Way(models.TextChoices):
        """From the stand-in to us, or from us to it."""

        OUT = "out"
        IN = "in"

    system = models.CharField(max_length=20)
    way = models.CharField(max_length=3, choices=Way)
    key = models.CharField(max_length=80)
    action = models.CharField(max_length=40, blank=True)
    body = models.JSONField(default=dict)

    class Meta:
        """Each key once: that is how an honest receiver behaves."""

        db_table = "adapters_stand_in"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "way", "key"], name="adapters_stand_in_once")
        ]
