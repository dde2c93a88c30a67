"""Tables of the story: the library of items, plans, tasks with their parts, what firms say."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bihuan.scenes.joint_inspection.types import LINES


class LibraryRow(models.Model):
    """One edition of the list of items. A new Excel file is a new edition; none is changed."""

    personal_data = "The id of the account that took it in."

    edition = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    is_sample = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)
    version_id = models.BigIntegerField(help_text="The checklist published from it.")
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        """Added, never changed."""

        db_table = "joint_inspection_library"
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class ItemRow(models.Model):
    """One item of an edition: who, on what basis, how, and whether it is published."""

    personal_data = "none"

    library = models.ForeignKey(LibraryRow, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=24)
    number = models.PositiveSmallIntegerField()
    line = models.CharField(max_length=24)
    title = models.CharField(max_length=80)
    basis = models.CharField(max_length=300)
    basis_url = models.CharField(max_length=200, blank=True)
    industries = ArrayField(models.CharField(max_length=1), default=list)
    above_scale_only = models.BooleanField(default=False)
    method = models.CharField(max_length=120, blank=True)
    criteria = models.CharField(max_length=300)
    evidence = models.CharField(max_length=120, blank=True)
    hazard_hint = models.CharField(max_length=200, blank=True)
    penalty = models.CharField(max_length=200, blank=True)
    merge_group = models.CharField(max_length=24, blank=True)
    published = models.BooleanField(default=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        """A code and a number once in an edition; a known line; a basis, always."""

        db_table = "joint_inspection_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["library", "code"], name="joint_item_code"),
            models.UniqueConstraint(fields=["library", "number"], name="joint_item_number"),
            models.CheckConstraint(
                condition=Q(line__in=LINES) & ~Q(basis="") & ~Q(criteria=""),
                name="joint_item_has_line_and_basis",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


class PlanRow(models.Model):
    """A year's plan of an area with its draw: reviewed by another person, then published."""

    personal_data = "Ids of who drafted and reviewed it."

    year = models.PositiveSmallIntegerField()
    area_path = models.CharField(max_length=120)
    library = models.ForeignKey(LibraryRow, on_delete=models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64)
    pool = models.JSONField(help_text="unit → codes of firms, as they were when the lot was drawn")
    certificates = models.JSONField(help_text="unit → numbers of certificates, as above")
    shares = models.JSONField(help_text="unit → which part of the pool is drawn")
    pool_hash = models.CharField(max_length=64)
    cap = models.PositiveSmallIntegerField()
    window_days = models.PositiveSmallIntegerField()
    firms = models.PositiveIntegerField()
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    drafted_by = models.UUIDField(null=True)
    drafted_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """One plan a year and area; published only after another person's legal review."""

        db_table = "joint_inspection_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "area_path"], name="joint_plan_once"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True)
                | (Q(reviewed_by__isnull=False) & ~Q(opinion="")),
                name="joint_plan_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(reviewed_by=F("drafted_by")),
                name="joint_plan_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(reviewed_at__isnull=False),
                name="joint_plan_reviewed_before_published",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="draw_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=["reviewed_by", "reviewed_at", "opinion", "published_at"]
                ),
            ),
        ]


MAY_BE_APPROVED = """
IF NEW.plan_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM joint_inspection_plan p WHERE p.id = NEW.plan_id AND p.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a task of a plan that is not published is not approved';
END IF;
IF EXISTS (SELECT 1 FROM joint_inspection_part q
           WHERE q.task_id = NEW.id AND q.ordinal IS NULL AND q.exempted_by IS NULL) THEN
    RAISE EXCEPTION 'a visit above the yearly cap needs an exemption by a higher power';
END IF;
RETURN NEW;
"""  # noqa: E501


class TaskRow(models.Model):
    """One visit to one firm. Its dates say how far it has come; none is set before its turn."""

    personal_data = "Ids of who drafted and approved it."

    kind = models.CharField(max_length=6)
    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, null=True, related_name="tasks")
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    area_path = models.CharField(max_length=120)
    day = models.DateField()
    team = models.CharField(max_length=24)
    lead_unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    cause = models.CharField(max_length=120, blank=True)
    drafted_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    code_id = models.BigIntegerField(null=True)
    notified_at = models.DateTimeField(null=True)
    unannounced = models.CharField(max_length=300, blank=True)
    inspection_id = models.UUIDField(null=True, unique=True)
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """Approval, code, notice, inspection, record, result, publication: each after the last."""

        db_table = "joint_inspection_task"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause"], condition=~Q(cause=""), name="joint_task_once_for_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(kind="plan", plan__isnull=False)
                | (Q(kind="case", plan__isnull=True) & ~Q(reason="")),
                name="joint_task_has_plan_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False, code_id__isnull=False),
                name="joint_task_approved_with_code",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(approved_by=F("drafted_by")),
                name="joint_task_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, inspection_id__isnull=True)
                | (
                    Q(
                        started_at__isnull=False,
                        inspection_id__isnull=False,
                        approved_at__isnull=False,
                    )
                    & (Q(notified_at__isnull=False) | ~Q(unannounced=""))
                ),
                name="joint_task_started_after_notice",
            ),
            models.CheckConstraint(
                condition=(Q(closed_at__isnull=True) | Q(started_at__isnull=False))
                & (Q(told_at__isnull=True) | Q(closed_at__isnull=False))
                & (Q(published_at__isnull=True) | Q(told_at__isnull=False)),
                name="joint_task_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "day"], name="joint_task_firm"),
            models.Index(fields=["area_path", "day"], name="joint_task_area"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="may_be_approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__approved_at__isnull=True, new__approved_at__isnull=False
                ),
                func=MAY_BE_APPROVED,
            ),
        ]


class PartRow(models.Model):
    """One department's share in a task, with its place under the yearly cap."""

    personal_data = "Ids of the officers drawn for it and of who allowed an exemption."

    task = models.ForeignKey(TaskRow, on_delete=models.PROTECT, related_name="parts")
    unit = models.ForeignKey("registry.Unit", on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=24)
    organisation_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    wished_day = models.DateField()
    items = ArrayField(models.CharField(max_length=24))
    officers = ArrayField(models.UUIDField(), default=list)
    cap = models.PositiveSmallIntegerField()
    ordinal = models.PositiveSmallIntegerField(null=True)
    exemption = models.CharField(max_length=300, blank=True)
    exempted_by = models.UUIDField(null=True)

    class Meta:
        """The n-th visit of a unit to a firm in a year, n ≤ cap; above it only by exemption."""

        db_table = "joint_inspection_part"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "unit"], name="joint_part_once"),
            models.UniqueConstraint(
                fields=["unit", "organisation_id", "year", "ordinal"], name="joint_part_counted"
            ),
            models.CheckConstraint(
                condition=Q(ordinal__isnull=True) | Q(ordinal__gte=1, ordinal__lte=F("cap")),
                name="joint_part_under_cap",
            ),
            models.CheckConstraint(
                condition=Q(exempted_by__isnull=True, exemption="")
                | (Q(exempted_by__isnull=False, ordinal__isnull=True) & ~Q(exemption="")),
                name="joint_part_exempted_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "organisation_id", "year"], name="joint_part_year")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="lot_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["exemption", "exempted_by"]),
            ),
        ]


class FeedbackRow(models.Model):
    """What a firm says of a visit: how it was, or that it complains."""

    personal_data = "The id of who spoke for the firm."

    task = models.OneToOneField(TaskRow, on_delete=models.PROTECT, related_name="feedback")
    rating = models.CharField(max_length=20)
    words = models.CharField(max_length=500, blank=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        """Once for a visit; known grades."""

        db_table = "joint_inspection_feedback"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rating__in=["satisfied", "neutral", "unsatisfied"]),
                name="joint_feedback_rating",
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
