"""Tables of administrative inspections. What the law asks for, the database asks for too."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class CertificateRow(models.Model):
    """A certificate of enforcement. It ends; it is never changed otherwise."""

    personal_data = "The id of its holder and the number of the certificate, which is public."

    person_id = models.UUIDField()
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """A number has one holder at a time."""

        db_table = "fieldwork_certificate"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="fieldwork_certificate_period",
            ),
            ExclusionConstraint(
                name="fieldwork_certificate_once",
                expressions=[
                    ("number", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person_id"], name="fieldwork_certificate_of")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_ends",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["valid_to"]),
            ),
        ]


TWO_OFFICERS = """
IF (SELECT count(DISTINCT o.person_id) FROM fieldwork_inspection_officer o
    WHERE o.inspection_id = NEW.id AND o.attendance = 'officer') < 2 THEN
    RAISE EXCEPTION 'an inspection needs two officers with valid certificates';
END IF;
RETURN NULL;
"""

HOLDS_CERTIFICATE = """
IF NEW.attendance = 'officer' AND NOT EXISTS (
    SELECT 1 FROM fieldwork_certificate c
    JOIN fieldwork_inspection i ON i.id = NEW.inspection_id
    WHERE c.id = NEW.certificate_id AND c.person_id = NEW.person_id AND c.unit_id = NEW.unit_id
      AND c.valid_from <= i.on_date AND (c.valid_to IS NULL OR c.valid_to > i.on_date)) THEN
    RAISE EXCEPTION 'who has no certificate that holds today assists only';
END IF;
RETURN NEW;
"""

OF_AN_OFFICER = """
IF NOT EXISTS (
    SELECT 1 FROM fieldwork_inspection_officer o
    WHERE o.id = NEW.officer_id AND o.inspection_id = NEW.inspection_id
      AND o.attendance = 'officer' AND o.unit_id = NEW.unit_id) THEN
    RAISE EXCEPTION 'only an officer of the department whose item it is decides on it';
END IF;
IF EXISTS (SELECT 1 FROM fieldwork_inspection i
           WHERE i.id = NEW.inspection_id AND i.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the record is closed';
END IF;
RETURN NEW;
"""


class InspectionRow(models.Model):
    """An administrative inspection: begun by a code at the firm, closed once by its record."""

    personal_data = "Who signed for the firm, and where the tablet was when the code was scanned."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval_kind = models.CharField(max_length=60)
    approval_key = models.CharField(max_length=80)
    organisation_id = models.UUIDField()
    area_path = models.CharField(max_length=120)
    code_id = models.BigIntegerField()
    on_date = models.DateField()
    started_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    longitude = models.FloatField()
    latitude = models.FloatField()
    distance_m = models.PositiveIntegerField(null=True)
    person_id = models.UUIDField()
    account_id = models.BigIntegerField(null=True)
    words = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    signing = models.CharField(max_length=8, blank=True)
    signed_name = models.CharField(max_length=40, blank=True)
    signature = models.CharField(max_length=64, blank=True)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        """One inspection for one approval; closed by a signature or by a refusal with its words."""

        db_table = "fieldwork_inspection"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["approval_kind", "approval_key"], name="fieldwork_inspection_once"
            ),
            models.CheckConstraint(
                condition=~Q(approval_key="") & ~Q(approval_kind=""),
                name="fieldwork_inspection_approved",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, signing="", signed_name="", refusal="")
                | (
                    Q(closed_at__isnull=False, signing="signed", refusal="")
                    & ~Q(signature="")
                    & ~Q(signed_name="")
                )
                | (Q(closed_at__isnull=False, signing="refused", signature="") & ~Q(refusal="")),
                name="fieldwork_inspection_closed_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation_id", "started_at"], name="fieldwork_inspection_firm")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="closed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="beginning_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=[
                        "words",
                        "closed_at",
                        "signing",
                        "signed_name",
                        "signature",
                        "refusal",
                    ]
                ),
            ),
            pgtrigger.Trigger(
                name="two_officers",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=TWO_OFFICERS,
            ),
        ]


class InspectionOfficerRow(models.Model):
    """Somebody who takes part in an inspection. Without a certificate: an assistant."""

    personal_data = "The id of the officer."

    inspection = models.ForeignKey(InspectionRow, on_delete=models.PROTECT, related_name="officers")
    person_id = models.UUIDField()
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    attendance = models.CharField(max_length=10)
    certificate = models.ForeignKey(
        CertificateRow, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        """An officer has a certificate; a person takes part once."""

        db_table = "fieldwork_inspection_officer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "person_id"], name="fieldwork_inspection_officer_once"
            ),
            models.CheckConstraint(
                condition=Q(attendance="officer", certificate__isnull=False)
                | Q(attendance="assistant", certificate__isnull=True),
                name="fieldwork_inspection_officer_has_certificate",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="holds_certificate",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=HOLDS_CERTIFICATE,
            ),
        ]


class InspectionFindingRow(models.Model):
    """What an inspection found, by an officer of the department whose item it is."""

    personal_data = "Text may name people; seen only through the matter that it opened."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(InspectionRow, on_delete=models.PROTECT, related_name="findings")
    officer = models.ForeignKey(InspectionOfficerRow, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=40)
    line = models.CharField(max_length=24)
    text = models.TextField()
    effect = models.CharField(max_length=8)
    grade = models.CharField(max_length=8)
    responsible = models.CharField(max_length=80, blank=True)
    measures = models.CharField(max_length=300, blank=True)
    funds = models.CharField(max_length=80, blank=True)
    due_on = models.DateField(null=True)
    emergency_plan = models.CharField(max_length=300, blank=True)
    photos = ArrayField(models.CharField(max_length=64), default=list)
    at = models.DateTimeField()

    class Meta:
        """An order has a day; a major one has the five assurances (五落实). An item fails once."""

        db_table = "fieldwork_inspection_finding"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "item"], name="fieldwork_inspection_finding_once"
            ),
            models.CheckConstraint(
                condition=Q(effect="advice", grade="general")
                | Q(effect="order", grade="general", due_on__isnull=False)
                | (
                    Q(effect="order", grade="major", due_on__isnull=False)
                    & ~Q(responsible="")
                    & ~Q(measures="")
                    & ~Q(funds="")
                    & ~Q(emergency_plan="")
                ),
                name="fieldwork_inspection_finding_five_assurances",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_an_officer",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_AN_OFFICER,
            ),
        ]


class InspectionRecordRow(models.Model):
    """A further record made on the spot: a sampling, a survey, an enquiry."""

    personal_data = "What somebody said or what was taken; belongs to the file of the inspection."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(InspectionRow, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=10)
    words = models.TextField()
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        """Added, never changed."""

        db_table = "fieldwork_inspection_record"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["sampling", "survey", "enquiry"]) & ~Q(words=""),
                name="fieldwork_inspection_record_kind",
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class InspectionRequestRow(models.Model):
    """A patrol's wish for an inspection outside the plan; decided once, by a department."""

    personal_data = "The ids of who asked and who decided."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(
        "fieldwork.FindingRow", on_delete=models.PROTECT, related_name="requests"
    )
    organisation_id = models.UUIDField()
    area_path = models.CharField(max_length=120)
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="asked")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        """Asked with a reason; decided by another person with a reason; once for a finding."""

        db_table = "fieldwork_inspection_request"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding", "unit"], name="fieldwork_inspection_request_once"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="fieldwork_inspection_request_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True, decided_by__isnull=True)
                | (
                    Q(
                        state__in=["approved", "refused"],
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                    )
                    & ~Q(decision="")
                    & ~Q(decided_by=F("asked_by"))
                ),
                name="fieldwork_inspection_request_decided",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        ]
