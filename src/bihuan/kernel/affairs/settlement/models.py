"""Tables of settlement. What must never be is refused by constraints here and in migration 0002."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from bihuan.kernel.affairs.settlement.types import BatchState, DayState, DifferenceKind, Nature
from bihuan.platform.crypto.fields import EncryptedText

FOR_EVER = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
KEPT = pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)


class _Days(Func):
    function = "daterange"
    output_field = DateRangeField()


class OperatorRow(models.Model):
    """Whoever runs this platform, by social credit code: no account of theirs can be a payee."""

    personal_data = "none"

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        """Added, never removed."""

        db_table = "settlement_operator"
        triggers: ClassVar = [FOR_EVER]


class PayeeRow(models.Model):
    """An account in which money may end. It never changes: another account is another payee."""

    personal_data = (
        "The account number of a public body, sealed for its row; people have none here."
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    nature = models.CharField(max_length=10)
    bank = models.CharField(max_length=60)
    account_no = EncryptedText()
    tail = models.CharField(max_length=4)
    holder_uscc = models.CharField(max_length=18)
    area = models.ForeignKey("registry.Area", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    due_account = models.ForeignKey("ledger.AccountRow", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        """A closed list of natures; that no operator holds one is a trigger of migration 0002."""

        db_table = "settlement_payee"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(nature__in=[n.value for n in Nature]), name="settlement_payee_nature"
            ),
            models.CheckConstraint(
                condition=~Q(holder_uscc=""), name="settlement_payee_has_holder"
            ),
        ]
        triggers: ClassVar = [FOR_EVER]


class RouteRow(models.Model):
    """Where a kind of money goes from a day on: proposed by one person, approved by another."""

    personal_data = "Ids of the two people who decided it."

    key = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Two people, one route a day, no route of the past."""

        db_table = "settlement_route"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="settlement_route_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(
                    approved_by__isnull=False, approved_at__isnull=False, withdrawn_at__isnull=True
                ),
                name="settlement_route_approved_wholly",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="settlement_route_ends_later",
            ),
            ExclusionConstraint(
                name="settlement_route_one_a_day",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    (_Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(approved_by__isnull=False),
            ),
        ]
        triggers: ClassVar = [KEPT]


class RouteShareRow(models.Model):
    """One payee of a route, and its part of the amount."""

    personal_data = "none"

    route = models.ForeignKey(RouteRow, on_delete=models.PROTECT, related_name="shares")
    payee = models.ForeignKey(PayeeRow, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField()

    class Meta:
        """A payee once in a route, with a part of its own."""

        db_table = "settlement_route_share"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "payee"], name="settlement_share_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="settlement_share_of_something"),
        ]
        triggers: ClassVar = [FOR_EVER]


class IntakeRow(models.Model):
    """Money that a channel took, or gives back (below zero), once for its cause."""

    personal_data = "Points to a payment, which points to a family."

    cause_kind = models.CharField(max_length=60)
    cause_key = models.CharField(max_length=80)
    channel = models.CharField(max_length=20)
    day = models.DateField()
    amount_fen = models.BigIntegerField()
    reference = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        """Once for a cause; its lines add up to it (trigger of migration 0002)."""

        db_table = "settlement_intake"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause_kind", "cause_key"], name="settlement_intake_once"
            ),
            models.CheckConstraint(
                condition=~Q(amount_fen=0), name="settlement_intake_of_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "day"], name="settlement_intake_day"),
            models.Index(fields=["channel", "reference"], name="settlement_intake_reference"),
        ]
        triggers: ClassVar = [FOR_EVER]


class BatchRow(models.Model):
    """A clearing batch: an instruction to a bank, checked by another person than who made it."""

    personal_data = "Ids of the people who made and checked it."

    channel = models.CharField(max_length=20)
    day = models.DateField()
    no = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10)
    amount_fen = models.BigIntegerField()
    count = models.PositiveIntegerField()
    generated_by = models.UUIDField()
    generated_at = models.DateTimeField()
    checked_by = models.UUIDField(null=True)
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """Counted once a day and channel; two people; nothing goes out unchecked."""

        db_table = "settlement_batch"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "day", "no"], name="settlement_batch_once"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("generated_by")),
                name="settlement_batch_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in BatchState]),
                name="settlement_batch_known_state",
            ),
            models.CheckConstraint(
                condition=Q(state="generated") | Q(checked_by__isnull=False),
                name="settlement_batch_checked_first",
            ),
        ]
        triggers: ClassVar = [KEPT]


class LineRow(models.Model):
    """What of an intake goes to which payee. Only its batch is written later, once at a time."""

    personal_data = "none"

    intake = models.ForeignKey(
        IntakeRow, on_delete=models.PROTECT, related_name="lines", db_constraint=False
    )
    payee = models.ForeignKey(
        PayeeRow, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    route = models.ForeignKey(
        RouteRow, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount_fen = models.BigIntegerField()
    batch = models.ForeignKey(BatchRow, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Its keys, and that lines add up to their intake, are proved a statement at a time."""

        db_table = "settlement_line"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="settlement_line_of_something")
        ]
        triggers: ClassVar = [KEPT]


class StopRow(models.Model):
    """Clearing of a channel stands still from here until somebody releases it with a reason."""

    personal_data = "Id of who released it."

    channel = models.CharField(max_length=20)
    since = models.DateTimeField()
    lines_fen = models.BigIntegerField()
    expected_fen = models.BigIntegerField()
    released_at = models.DateTimeField(null=True)
    released_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """One standing stop a channel; a release has a name and a reason."""

        db_table = "settlement_stop"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(released_at__isnull=True),
                name="settlement_stop_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | (Q(released_by__isnull=False) & ~Q(reason="")),
                name="settlement_stop_released_by_somebody",
            ),
        ]
        triggers: ClassVar = [KEPT]


class DayRow(models.Model):
    """One channel's day: what was ordered, what the channel says, whether both are the same."""

    personal_data = "Id of who closed it."

    channel = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=12)
    ours_fen = models.BigIntegerField(default=0)
    theirs_fen = models.BigIntegerField(default=0)
    ours_count = models.PositiveIntegerField(default=0)
    theirs_count = models.PositiveIntegerField(default=0)
    matched_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        """A day once; closed by somebody, and then for good (trigger)."""

        db_table = "settlement_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "day"], name="settlement_day_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DayState]), name="settlement_day_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False),
                name="settlement_day_closed_by_somebody",
            ),
        ]
        triggers: ClassVar = [
            KEPT,
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="closed"),
            ),
        ]


class TheirLineRow(models.Model):
    """What a channel's bill says of one payment or refund. Never changed; once for its number."""

    personal_data = "The channel's number of a payment; no payer."

    channel = models.CharField(max_length=20)
    day = models.DateField()
    kind = models.CharField(max_length=6)
    reference = models.CharField(max_length=64)
    transaction_id = models.CharField(max_length=64)
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """A number once at its channel, however often a bill is read."""

        db_table = "settlement_their_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "kind", "transaction_id", "reference"],
                name="settlement_their_line_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "day"], name="settlement_their_line_day"),
            models.Index(fields=["channel", "reference"], name="settlement_their_reference"),
        ]
        triggers: ClassVar = [FOR_EVER]


class DifferenceRow(models.Model):
    """Something that differs between us and a channel, with somebody who holds it."""

    personal_data = "none"

    day = models.ForeignKey(DayRow, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=12)
    reference = models.CharField(max_length=64)
    ours_fen = models.BigIntegerField(null=True)
    theirs_fen = models.BigIntegerField(null=True)
    holder = models.CharField(max_length=40)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """Found once; ended with a reason; never without a holder."""

        db_table = "settlement_difference"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "reference", "kind"], name="settlement_difference_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in DifferenceKind]),
                name="settlement_difference_kind",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(reason=""),
                name="settlement_difference_ends_with_reason",
            ),
            models.CheckConstraint(condition=~Q(holder=""), name="settlement_difference_held"),
        ]
        triggers: ClassVar = [KEPT]
