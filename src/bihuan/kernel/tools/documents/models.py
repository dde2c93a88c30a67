"""Tables of evidence and of papers."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q


class EvidenceRow(models.Model):
    """One photo or voice note of a subject. Never changed, never dropped."""

    personal_data = "Place and time of a photo, and the id of who added it."

    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)

    class Meta:
        """The same photo once for a subject and kind."""

        db_table = "documents_evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key", "kind", "blob"],
                name="documents_evidence_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["before", "after", "scene", "voice"]),
                name="documents_evidence_kind",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class PaperRow(models.Model):
    """An issued paper: what it says, the hash of its file, and whether it still holds."""

    personal_data = (
        "What was printed, with masked names and the words of a matter; fetched only by who sees "
        "its subject. A print with clear values keeps neither file nor values."
    )

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    number = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=16, unique=True)
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    blob = models.ForeignKey("files.Blob", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    unit = models.ForeignKey("registry.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    command_id = models.UUIDField(null=True)
    replaced_by = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_words = models.CharField(max_length=200, blank=True)
    withdrawn_by = models.BigIntegerField(null=True)

    class Meta:
        """One valid paper of a kind for a subject; what was said about it is never unsaid."""

        db_table = "documents_paper"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_key", "version"],
                name="documents_paper_versions",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_key"],
                condition=Q(replaced_by__isnull=True, withdrawn_at__isnull=True),
                name="documents_paper_one_valid",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_key", "command_id"],
                condition=Q(command_id__isnull=False),
                name="documents_paper_once_for_a_command",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) ^ ~Q(withdrawn_words=""),
                name="documents_paper_withdrawn_why",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True, replaced_at__isnull=True)
                | Q(replaced_by__isnull=False, replaced_at__isnull=False),
                name="documents_paper_replaced_when",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                name="documents_paper_not_by_itself",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="documents_paper_has_a_hash"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_dropped", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen",
                exclude=[
                    "replaced_by",
                    "replaced_at",
                    "withdrawn_at",
                    "withdrawn_words",
                    "withdrawn_by",
                ],
            ),
            pgtrigger.Trigger(
                name="ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__replaced_by__isnull=False)
                | pgtrigger.Q(old__withdrawn_at__isnull=False),
                func="RAISE EXCEPTION 'this paper has ended already';",
            ),
        ]
