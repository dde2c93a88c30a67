"""Tables of instruments, versions and answers."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bihuan.kernel.tools.assessments.types import Kind, Mode, Outcome


class InstrumentRow(models.Model):
    """A questionnaire, checklist or scale over all its versions."""

    personal_data = "none"

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=14)
    sensitive = models.BooleanField(default=False)

    class Meta:
        """What an instrument is for never changes, nor whether it is sensitive."""

        db_table = "assessments_instrument"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="assessments_instrument_kind"
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class VersionRow(models.Model):
    """A published version. Its content never changes; it can only be withdrawn, once."""

    personal_data = "The id of the account that published it."

    instrument = models.ForeignKey(InstrumentRow, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    definition = models.JSONField()
    valid_from = models.DateField()
    licence_grant = models.CharField(max_length=200, blank=True)
    brought_by = models.CharField(max_length=120, blank=True)
    account_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        """A number once for an instrument; withdrawn with a reason."""

        db_table = "assessments_version"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["instrument", "number"], name="assessments_version_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="assessments_version_withdrawn_why",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="assessments_version_number"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="content_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["withdrawn_at", "withdrawn_why"]),
            ),
            pgtrigger.Protect(
                name="withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]


class AssessmentRow(models.Model):
    """One set of answers by one version. Added, never changed."""

    personal_data = (
        "Who filled it in, about what, where and when; of scales also what it came to. Scores of"
        " sensitive instruments go only to the power assessments.see_scores."
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(VersionRow, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    area_path = models.CharField(max_length=120)
    mode = models.CharField(max_length=10)
    broken_off = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64)
    scores = models.JSONField(default=list)
    alerts = ArrayField(models.CharField(max_length=60), default=list)
    version_was_withdrawn = models.BooleanField(default=False)
    person_id = models.UUIDField(null=True)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        """Read by subject, the newest first."""

        db_table = "assessments_assessment"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(mode__in=[m.value for m in Mode]), name="assessments_assessment_mode"
            ),
            models.CheckConstraint(
                condition=~Q(subject_key=""), name="assessments_assessment_about_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subject_kind", "subject_key", "-received_at"],
                name="assessments_subject",
            ),
            models.Index(fields=["version", "received_at"], name="assessments_of_version"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class ItemAnswerRow(models.Model):
    """The answer to one item; also of a hidden one, which is kept and counts nowhere."""

    personal_data = "Answers may be about health or name people; sealed with the assessment's rule."

    assessment = models.ForeignKey(AssessmentRow, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=40)
    value = models.JSONField()
    note = models.TextField(blank=True)
    photos = ArrayField(models.CharField(max_length=64), default=list)
    shown = models.BooleanField()
    outcome = models.CharField(max_length=10, blank=True)
    points = models.IntegerField(null=True)

    class Meta:
        """An item once; a hidden item has neither outcome nor points."""

        db_table = "assessments_item_answer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "item"], name="assessments_item_once"),
            models.CheckConstraint(
                condition=Q(shown=True) | Q(outcome="", points__isnull=True),
                name="assessments_item_hidden_never_counts",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(o.value for o in Outcome)]),
                name="assessments_item_outcome",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
