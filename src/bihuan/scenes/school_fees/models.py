"""Schools, children and guardians: what the kernel cannot know."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from bihuan.platform.crypto.fields import EncryptedText


class SchoolRow(models.Model):
    """A public school."""

    personal_data = "none"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    area_path = models.CharField(max_length=120)

    class Meta:
        """Named."""

        db_table = "school_fees_school"


class ChildRow(models.Model):
    """A child at a school. Its name opens for its guardians and its school only."""

    personal_data = (
        "Name of a child, mostly under 14, hence sensitive: sealed for this row, by the guardian's "
        "separate consent; erased when the child has left and accounts are settled."
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(SchoolRow, on_delete=models.PROTECT, related_name="children")
    name = EncryptedText()
    class_name = models.CharField(max_length=30)
    boards = models.BooleanField(default=False)
    family = models.CharField(max_length=80, db_index=True)

    class Meta:
        """Read by family."""

        db_table = "school_fees_child"


class GuardianRow(models.Model):
    """A verified guardian of a family's children, with the consent that was given."""

    personal_data = (
        "Which person is a guardian of which family; when the separate consent was given."
    )

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    family = models.CharField(max_length=80)
    verified_at = models.DateTimeField()
    consented_at = models.DateTimeField()

    class Meta:
        """Once a family."""

        db_table = "school_fees_guardian"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "family"], name="school_fees_guardian_once")
        ]
