"""Tables of uploads."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Blob(models.Model):
    """One stored file, named by the hash of its bytes."""

    personal_data = "A photo may show people; served only through a guard of what it belongs to."

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        """Photos, voice notes and papers only."""

        db_table = "files_blob"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["photo", "voice", "paper"]), name="files_blob_kind"
            )
        ]


class Upload(models.Model):
    """A file that comes in pieces; it resumes where it stopped, and its hash proves it whole."""

    personal_data = "Who sent a photo. Its bytes on their way go when whole, or after a week."

    account_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    offset = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    stored = models.CharField(max_length=64, blank=True)
    """The hash of what was made of it, once it is whole."""

    class Meta:
        """One running upload of a file for an account."""

        db_table = "files_upload"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "digest"], name="files_upload_once")
        ]
