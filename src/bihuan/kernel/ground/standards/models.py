"""Tables of rules and decisions."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now


class _Days(Func):
    function = "DATERANGE"
    output_field: ClassVar = models.Field()


class StandardRow(models.Model):
    """One version of a rule. Its value never changes; a new value is a new version."""

    personal_data = "none"

    code = models.CharField(max_length=120)
    county = models.CharField(max_length=6, blank=True)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    source = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    brought_by = models.CharField(max_length=120, blank=True)
    loaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        """On each day at most one version of a rule for a county."""

        db_table = "standards_standard"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "county", "version"], name="standards_standard_version_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="standards_standard_ends_later",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="standards_standard_has_source"),
            ExclusionConstraint(
                name="standards_standard_one_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("county", RangeOperators.EQUAL),
                    (_Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="value_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["valid_to"]),
            ),
            pgtrigger.Trigger(
                name="said",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="PERFORM pg_notify('bihuan_standards', ''); RETURN NULL;",
            ),
        ]


class DecisionRow(models.Model):
    """One result with all that is needed to compute it again. Never changed."""

    personal_data = "Inputs hold ids, codes and numbers, no personal text."

    rule = models.CharField(max_length=120)
    standard = models.ForeignKey(StandardRow, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    inputs = models.JSONField()
    inputs_hash = models.CharField(max_length=64)
    value = models.JSONField()
    reasons = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        """Read by subject, the newest first."""

        db_table = "standards_decision"
        indexes: ClassVar = [
            models.Index(
                fields=["subject_kind", "subject_key", "-at"], name="standards_decision_subject"
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
