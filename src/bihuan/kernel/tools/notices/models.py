"""Tables of notices."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bihuan.kernel.tools.notices.types import CHANNELS, DeliveryState


class Notice(models.Model):
    """What somebody was told: one row for each cause, recipient and kind."""

    personal_data = (
        "A pointer to the recipient; parameters are ids, numbers and dates. Addresses are read at "
        "the moment of sending and stored nowhere."
    )

    kind = models.CharField(max_length=60)
    cause = models.ForeignKey("events.FactRow", on_delete=models.PROTECT, related_name="+")
    dedupe = models.CharField(max_length=60, blank=True)
    to_kind = models.CharField(max_length=60)
    to_key = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    area_path = models.CharField(max_length=120, blank=True)
    params = models.JSONField(default=dict)
    in_inbox = models.BooleanField(default=True)
    at = models.DateTimeField(help_text="When the cause happened.")
    read_at = models.DateTimeField(null=True)
    read_by = models.BigIntegerField(null=True, help_text="Account of the first who opened it.")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        """Never doubled: the database refuses a second row for one cause."""

        db_table = "notices_notice"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause", "to_kind", "to_key", "kind", "dedupe"],
                name="notices_notice_once_for_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="notices_notice_read_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["to_kind", "to_key", "-at", "-id"],
                condition=Q(in_inbox=True),
                name="notices_notice_inbox",
            ),
            models.Index(
                fields=["to_kind", "to_key"],
                condition=Q(in_inbox=True, read_at__isnull=True),
                name="notices_notice_unread",
            ),
        ]


class Delivery(models.Model):
    """One notice by one way out of the house, with its tries and its proof."""

    personal_data = "none: neither address nor text; a provider's words without long numbers."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=DeliveryState.QUEUED.value)
    rings_at_night = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    resends = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    charged_on = models.DateField(null=True, help_text="The day whose quota it used.")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=20, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        """A notice goes once by each way; what was sent has its time."""

        db_table = "notices_delivery"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notices_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]),
                name="notices_delivery_known_state",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=CHANNELS) & ~Q(channel="inbox"),
                name="notices_delivery_known_channel",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="notices_delivery_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False),
                name="notices_delivery_arrived_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "skipped"]) | ~Q(why=""),
                name="notices_delivery_end_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "notice"],
                condition=Q(state="queued"),
                name="notices_delivery_due",
            ),
            models.Index(
                fields=["ended_at"], condition=Q(state="failed"), name="notices_delivery_failed"
            ),
            models.Index(fields=["channel", "charged_on"], name="notices_delivery_quota"),
            models.Index(
                fields=["channel", "provider_id"],
                condition=~Q(provider_id=""),
                name="notices_delivery_provider",
            ),
        ]


class OptOut(models.Model):
    """Somebody does not want to be told by one way."""

    personal_data = "A pointer to who chose, and the channel."

    to_kind = models.CharField(max_length=60)
    to_key = models.CharField(max_length=80)
    channel = models.CharField(max_length=20)
    since = models.DateTimeField()

    class Meta:
        """Chosen once."""

        db_table = "notices_opt_out"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["to_kind", "to_key", "channel"], name="notices_opt_out_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=CHANNELS), name="notices_opt_out_known_channel"
            ),
        ]
