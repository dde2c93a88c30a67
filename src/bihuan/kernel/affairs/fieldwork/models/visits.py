"""Tables of visits and findings."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class VisitRow(models.Model):
    """A visit. Facts of the field are added, never changed."""

    personal_data = "Who was where and when: a trail of movement of staff; kept for a year."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12)
    area_path = models.CharField(max_length=120)
    organisation_id = models.UUIDField(null=True)
    verifies_kind = models.CharField(max_length=60, blank=True)
    verifies_key = models.CharField(max_length=80, blank=True)
    passed = models.BooleanField(null=True)
    note = models.TextField(blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    person_id = models.UUIDField(null=True)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        """A verification says how what it verifies was; a service visit what it advised."""

        db_table = "fieldwork_visit"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="patrol", verifies_key="", passed__isnull=True)
                | (
                    Q(kind="service", verifies_key="", passed__isnull=True)
                    & Q(organisation_id__isnull=False)
                    & ~Q(note="")
                )
                | (Q(kind="verification", passed__isnull=False) & ~Q(verifies_key="")),
                name="fieldwork_visit_kind",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation_id", "received_at"], name="fieldwork_visit_firm"),
            models.Index(fields=["area_path", "received_at"], name="fieldwork_visit_area"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


OF_A_PATROL = """
IF NOT EXISTS (SELECT 1 FROM fieldwork_visit v WHERE v.id = NEW.visit_id AND v.kind = 'patrol') THEN
    RAISE EXCEPTION 'only a patrol has findings of this kind';
END IF;
RETURN NEW;
"""


class FindingRow(models.Model):
    """What a visit found. A patrol's finding advises or reports: the database knows no order."""

    personal_data = "Text may name people; seen only through the matter that it opened."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(VisitRow, on_delete=models.PROTECT, related_name="findings")
    domain = models.CharField(max_length=24)
    text = models.TextField()
    effect = models.CharField(max_length=8)
    looks_major = models.BooleanField(default=False)
    place = models.CharField(max_length=120, blank=True)
    photos = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        """国办发〔2024〕54号 in one line: a patrol never orders."""

        db_table = "fieldwork_finding"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(effect__in=["advice", "report"]),
                name="fieldwork_finding_patrol_never_orders",
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_a_patrol",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_A_PATROL,
            ),
        ]
