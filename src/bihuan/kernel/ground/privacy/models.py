"""Tables of privacy: consents, looks and mandates. They are added to; a mandate may end, once."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from bihuan.kernel.ground.privacy.types import LookKind
from bihuan.kernel.ground.registry.types import Field


class Consent(models.Model):
    """One giving or withdrawing of consent; the newest for a person and purpose holds."""

    personal_data = "Ids of people, and to what they agreed."

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    words_hash = models.CharField(max_length=64, help_text="SHA-256 of the words agreed to.")
    given = models.BooleanField()
    by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Found by person and purpose, the newest first."""

        db_table = "privacy_consent"
        indexes: ClassVar = [
            models.Index(fields=["person", "purpose", "-id"], name="privacy_consent_last")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class Look(models.Model):
    """One look at a clear value, or one that was refused; never the value itself."""

    personal_data = (
        "Ids of people; the reason in the asker's words (long numbers are refused in it)."
    )

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in LookKind])
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    field = models.CharField(
        max_length=10, blank=True, choices=[(field.value, field.value) for field in Field]
    )
    purpose = models.CharField(max_length=40, blank=True)
    purpose_version = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_key = models.CharField(max_length=80, blank=True)
    asker = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    post_id = models.BigIntegerField(null=True)
    duty = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    county = models.CharField(max_length=24)
    command_id = models.UUIDField(null=True)
    alarmed = models.BooleanField(default=False)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """A look has a reason, a refusal its code; a person asks once with one command."""

        db_table = "privacy_look"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=LookKind.REFUSED.value) ^ Q(refusal=""),
                name="privacy_look_refusal_has_a_code",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, field="", kind=LookKind.EXPORT.value)
                | (Q(person__isnull=True, kind=LookKind.FOUND.value) & ~Q(field=""))
                | (Q(person__isnull=False) & ~Q(field="") & ~Q(kind=LookKind.EXPORT.value)),
                name="privacy_look_is_at_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asker__isnull=False) | Q(kind=LookKind.SYSTEM.value),
                name="privacy_look_of_a_person_names_them",
            ),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[
                        LookKind.REVEALED.value,
                        LookKind.GLASS.value,
                        LookKind.FOUND.value,
                    ]
                )
                | (~Q(reason="") & ~Q(purpose="") & Q(until__isnull=False)),
                name="privacy_look_has_purpose_reason_end",
            ),
            models.UniqueConstraint(
                fields=["asker", "command_id"],
                condition=Q(command_id__isnull=False),
                name="privacy_look_once_for_a_command",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="privacy_look_person"),
            models.Index(fields=["asker", "-at"], name="privacy_look_asker"),
            models.Index(fields=["county", "-at"], name="privacy_look_county"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class MandateRow(models.Model):
    """One person lets another act for them in their own matters (代办); it ends by itself."""

    personal_data = "Ids of people: who lets whom act, who wrote it down."

    principal = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_key = models.CharField(max_length=80, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        """Two people, an end, and one running mandate between them for the same matters."""

        db_table = "privacy_mandate"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(principal=F("agent")), name="privacy_mandate_of_two"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("given_at")), name="privacy_mandate_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="privacy_mandate_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["principal", "agent", "subject_kind", "subject_key"],
                condition=Q(ended_at__isnull=True),
                name="privacy_mandate_one_runs",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agent", "until"], name="privacy_mandate_agent")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_its_end", exclude=["ended_at", "ended_by"]),
            pgtrigger.Protect(
                name="ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
        ]
