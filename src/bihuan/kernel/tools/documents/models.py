"""Tables of evidence."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q


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
