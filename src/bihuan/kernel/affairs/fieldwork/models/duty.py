"""Tables of the duty: shifts, the log within them, hand-overs."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q


class ShiftRow(models.Model):
    """One person's turn of duty in a unit, from taking it to handing it over."""

    personal_data = "Who was on duty when, as an id: staff, kept with the log."

    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    person_id = models.UUIDField()
    account_id = models.BigIntegerField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    """Why it was taken from somebody who handed nothing over; empty otherwise."""

    class Meta:
        """One person on duty in a unit at a time."""

        db_table = "fieldwork_shift"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_at__isnull=True), name="fieldwork_shift_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="fieldwork_shift_ends_after_it_began",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_path", "began_at"], name="fieldwork_shift_area")
        ]


class DutyEntryRow(models.Model):
    """One line of the duty log. Never changed: a mistake is corrected by another line."""

    personal_data = (
        "`detail` may name callers and is read by the hall; `words` hangs on the wall and is "
        "refused with a long number. Who wrote it is an id."
    )

    shift = models.ForeignKey(ShiftRow, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12)
    words = models.CharField(max_length=80)
    detail = models.TextField(blank=True)
    of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    """The line that this one corrects or carries further."""
    about_kind = models.CharField(max_length=60, blank=True)
    about_key = models.CharField(max_length=80, blank=True)
    about_number = models.CharField(max_length=40, blank=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        """A correction names what it corrects; nothing else has to."""

        db_table = "fieldwork_duty_entry"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind__in=["correction", "follow_up"]) | Q(of__isnull=False),
                name="fieldwork_duty_entry_of_something",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="fieldwork_duty_entry_has_words"),
        ]
        indexes: ClassVar = [models.Index(fields=["shift", "at"], name="fieldwork_duty_entry_read")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class HandoverRow(models.Model):
    """A shift as it is handed to the next person: what was open, free notes, both names."""

    personal_data = "Who handed over and who took it, as ids; notes may name callers."

    shift = models.ForeignKey(ShiftRow, on_delete=models.PROTECT, related_name="handovers")
    by_person = models.UUIDField()
    to_person = models.UUIDField()
    notes = models.TextField(blank=True)
    gathered = models.JSONField(default=list)
    """What was open and urgent at that moment, as the records knew it."""
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Never to oneself; one waits at a time; it ends once."""

        db_table = "fieldwork_handover"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(to_person=F("by_person")), name="fieldwork_handover_to_another"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="fieldwork_handover_ends_once",
            ),
            models.UniqueConstraint(
                fields=["shift"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="fieldwork_handover_one_waits",
            ),
        ]
