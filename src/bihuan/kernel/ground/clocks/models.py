"""Tables of clocks."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q


class TimerRow(models.Model):
    """A clock: its budget, and as a cache what follows from its events."""

    personal_data = "none"

    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=2)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    yellow_at = models.DateTimeField()
    orange_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    suspended = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        """One clock of a name for a subject."""

        db_table = "clocks_timer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key", "name"], name="clocks_timer_once"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["WH", "WD", "EH", "CD"]), name="clocks_timer_unit"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["yellow_at"],
                condition=Q(stopped_at__isnull=True, suspended=False),
                name="clocks_timer_running",
            ),
            models.Index(
                fields=["id"], condition=Q(provisional=True), name="clocks_timer_provisional"
            ),
        ]


class TimerEvent(models.Model):
    """One event of a clock: the ledger from which everything else follows. Never changed."""

    personal_data = (
        "Ids of accounts; reasons are words from a closed list or an officer's sentence."
    )

    timer = models.ForeignKey(TimerRow, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=10)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    review_at = models.DateTimeField(null=True)
    amount = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=2, blank=True, db_default="")
    """With `amount`, the budget that a changed limit took the place of."""
    account_id = models.BigIntegerField(null=True)

    class Meta:
        """Read by timer, in order."""

        db_table = "clocks_event"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(what="suspend") | ~Q(reason=""), name="clocks_event_wait_has_reason"
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Rung(models.Model):
    """A rung of a clock that has fired: the insert is the claim to fire it.

    A rung fires again only when its moment has come to lie after the last firing, as an extension
    or a fresh budget can make it; whatever else happens to a clock, it stays fired.
    """

    personal_data = "none"

    timer = models.ForeignKey(TimerRow, on_delete=models.PROTECT, related_name="+")
    rung = models.CharField(max_length=20)
    moment = models.DateTimeField()
    """The moment at which the rung was reached, by what the clock said when it fired."""
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField()

    class Meta:
        """Each rung once for each moment."""

        db_table = "clocks_rung"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["timer", "rung", "moment"], name="clocks_rung_once")
        ]


class NoticeAlarm(models.Model):
    """That a year's notice was missed in a month and people were told: the insert is the claim."""

    personal_data = "none"

    year = models.PositiveSmallIntegerField()
    month = models.CharField(max_length=7)
    """In which month they were told, ``2026-11``."""
    raised_at = models.DateTimeField()

    class Meta:
        """Once a month for each year."""

        db_table = "clocks_notice_alarm"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "month"], name="clocks_notice_alarm_once")
        ]
