"""What is asked for and decided, call backs, marks of supervision."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.kernel.affairs.cases.models.core import Case, Part
from bihuan.kernel.affairs.cases.types import CALL_BACK_RESULTS, CHANNELS


class Application(models.Model):
    """Something asked for that another person decides: more time, a wait, a view of a matter."""

    personal_data = "Ids of who asked and who decided; words of officers."

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="applications")
    part = models.ForeignKey(Part, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    asked_by = models.UUIDField(null=True)
    asked_unit = models.ForeignKey(
        "registry.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    reason = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)
    amount = models.PositiveSmallIntegerField(default=0)
    review_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        """One waits at a time, and nobody grants what he asked for."""

        db_table = "cases_application"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(decided_at__isnull=True, part__isnull=True),
                name="cases_application_one_waits",
            ),
            models.UniqueConstraint(
                fields=["part", "kind"],
                condition=Q(decided_at__isnull=True, part__isnull=False),
                name="cases_application_one_of_a_part",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="cases_application_another_decides",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(granted__isnull=False),
                name="cases_application_decided_either_way",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["case"],
                condition=Q(decided_at__isnull=True),
                name="cases_application_waits",
            ),
        ]


class CallBack(models.Model):
    """One attempt to ask who raised a matter how it was handled (回访)."""

    personal_data = "Words of who was asked; erased with the matter."

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="call_backs")
    round_no = models.PositiveSmallIntegerField()
    person_id = models.UUIDField()
    channel = models.CharField(max_length=8)
    result = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        """Results and channels come from closed lists."""

        db_table = "cases_call_back"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(result__in=CALL_BACK_RESULTS), name="cases_call_back_known_result"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=CHANNELS), name="cases_call_back_known_channel"
            ),
        ]


class Supervision(models.Model):
    """A mark that a leader watches a matter (督办): words, who must answer, the answer."""

    personal_data = "Words of officers."

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervisions")
    person_id = models.UUIDField(null=True)
    owner = models.ForeignKey(
        "registry.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    words = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """One open mark on a matter; an answer has words and a time."""

        db_table = "cases_supervision"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True),
                name="cases_supervision_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                name="cases_supervision_answered_in_words",
            ),
        ]
