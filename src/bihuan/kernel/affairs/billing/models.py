"""Tables of billing. What must never be is refused by constraints here and in migration 0002."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from bihuan.kernel.affairs.billing.types import (
    AttemptState,
    BillState,
    FeeClass,
    OrderState,
    RefundReason,
    RefundState,
)

FOR_EVER = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
KEPT = pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)


class _Days(Func):
    function = "daterange"
    output_field = DateRangeField()


class ItemRow(models.Model):
    """A kind of fee of a provider (a school): its class by law, and the route of its money."""

    personal_data = "none"

    provider_kind = models.CharField(max_length=60)
    provider_key = models.CharField(max_length=80)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    fee_class = models.CharField(max_length=10)
    route_key = models.CharField(max_length=80)
    area_path = models.CharField(max_length=120)
    voluntary = models.BooleanField()
    partial = models.BooleanField()

    class Meta:
        """A code once for a provider; it never changes its class."""

        db_table = "billing_item"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider_kind", "provider_key", "code"], name="billing_item_once"
            ),
            models.CheckConstraint(
                condition=Q(fee_class__in=[c.value for c in FeeClass]), name="billing_item_class"
            ),
        ]
        triggers: ClassVar = [FOR_EVER]


class PublicationRow(models.Model):
    """What was published about an item (公示). A bill line cannot stand without one."""

    personal_data = "Id of who published it."

    item = models.ForeignKey(ItemRow, on_delete=models.PROTECT, related_name="publications")
    unit = models.CharField(max_length=20)
    standard_fen = models.BigIntegerField()
    basis = models.CharField(max_length=120)
    approver = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    published_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)

    class Meta:
        """One a day for an item, with its basis; only its end is written later."""

        db_table = "billing_publication"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(basis=""), name="billing_publication_has_basis"),
            models.CheckConstraint(
                condition=Q(standard_fen__gt=0), name="billing_publication_of_something"
            ),
            ExclusionConstraint(
                name="billing_publication_one_a_day",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    (_Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers: ClassVar = [
            KEPT,
            pgtrigger.Protect(
                name="only_its_end",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["valid_to"]),
            ),
        ]


class BillRow(models.Model):
    """What one beneficiary owes a provider in a term."""

    personal_data = "Points to a child and a household; no name. Children's data is sensitive."

    provider_kind = models.CharField(max_length=60)
    provider_key = models.CharField(max_length=80)
    beneficiary_kind = models.CharField(max_length=60)
    beneficiary_key = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    term = models.CharField(max_length=20)
    purpose = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    area_path = models.CharField(max_length=120)
    state = models.CharField(max_length=12)
    day = models.DateField()
    due_day = models.DateField()
    drafted_by = models.UUIDField(null=True)
    reviewed_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    moved_at = models.DateTimeField()

    class Meta:
        """Nobody is billed twice for one thing; three hands before it is published."""

        db_table = "billing_bill"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "provider_key",
                    "beneficiary_key",
                    "term",
                    "purpose",
                    "provider_kind",
                    "beneficiary_kind",
                ],
                condition=~Q(state="cancelled"),
                name="billing_bill_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in BillState]), name="billing_bill_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(reviewed_by__isnull=False),
                name="billing_bill_reviewed_first",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "reviewed", "cancelled"])
                | Q(approved_by__isnull=False),
                name="billing_bill_approved_first",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ~(Q(approved_by=F("reviewed_by")) | Q(approved_by=F("drafted_by"))),
                name="billing_bill_three_hands",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["family", "state"], name="billing_bill_family")]
        triggers: ClassVar = [KEPT]


class LineRow(models.Model):
    """One published item on a bill. The key to what was published is never empty.

    That bill and publication stand and fit is proved for all new lines of a statement together;
    neither can be deleted.
    """

    personal_data = "Whether something is exempt, never why."

    bill = models.ForeignKey(
        BillRow, on_delete=models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    publication = models.ForeignKey(
        PublicationRow, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    amount_fen = models.BigIntegerField()
    quantity = models.PositiveSmallIntegerField(default=1)
    exempt_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    voluntary = models.BooleanField()
    """Copied from the item; the wall proves it."""
    chosen_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=60, blank=True)

    class Meta:
        """An item once on a bill; nothing below zero, nothing beyond its amount."""

        db_table = "billing_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bill", "publication"], name="billing_line_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, quantity__gt=0), name="billing_line_of_something"
            ),
            models.CheckConstraint(
                condition=Q(exempt_fen__gte=0, exempt_fen__lte=F("amount_fen")),
                name="billing_line_exempt_within",
            ),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, paid_fen__lte=F("amount_fen")),
                name="billing_line_paid_within",
            ),
        ]
        triggers: ClassVar = [KEPT]


class MerchantRow(models.Model):
    """Who takes money by a channel, and the account of the book that says what the channel owes."""

    personal_data = "none"

    channel = models.CharField(max_length=10)
    number = models.CharField(max_length=40)
    book = models.ForeignKey("ledger.BookRow", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ledger.AccountRow", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    opened_at = models.DateTimeField()

    class Meta:
        """A number once at a channel."""

        db_table = "billing_merchant"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "number"], name="billing_merchant_once")
        ]
        triggers: ClassVar = [FOR_EVER]


class OrderRow(models.Model):
    """Lines of several bills that a family pays at once."""

    personal_data = "Points to a household; no name."

    family = models.CharField(max_length=80)
    state = models.CharField(max_length=8)
    amount_fen = models.BigIntegerField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Its lines and its shares add up to it (trigger)."""

        db_table = "billing_order"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in OrderState]), name="billing_order_state"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="billing_order_of_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=Q(state="open"), name="billing_order_open"
            ),
            models.Index(fields=["family"], name="billing_order_family"),
        ]
        triggers: ClassVar = [KEPT]


class OrderLineRow(models.Model):
    """What of a bill line an order pays. Open in one order at a time."""

    personal_data = "none"

    order = models.ForeignKey(OrderRow, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(LineRow, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        """No line in two open orders."""

        db_table = "billing_order_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(live=True), name="billing_order_line_live_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="billing_order_line_of_something"
            ),
        ]
        triggers: ClassVar = [KEPT]


class OrderShareRow(models.Model):
    """Where an order's money goes, fixed when it was opened: what the family was shown."""

    personal_data = "none"

    order = models.ForeignKey(OrderRow, on_delete=models.PROTECT, related_name="shares")
    payee_id = models.UUIDField()
    route_id = models.BigIntegerField()
    due_account_id = models.BigIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        """Never changed."""

        db_table = "billing_order_share"
        triggers: ClassVar = [FOR_EVER]


class AttemptRow(models.Model):
    """One attempt to pay, by one channel, under one number; never deleted."""

    personal_data = "The channel's number of the payment; no payer."

    order = models.ForeignKey(OrderRow, on_delete=models.PROTECT, related_name="attempts")
    channel = models.CharField(max_length=10)
    out_trade_no = models.CharField(max_length=32, unique=True)
    merchant = models.ForeignKey(
        MerchantRow, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=8)
    amount_fen = models.BigIntegerField()
    transaction_id = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A channel's number pays once; who succeeded has one."""

        db_table = "billing_attempt"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AttemptState]),
                name="billing_attempt_state",
            ),
            models.UniqueConstraint(
                fields=["channel", "transaction_id"],
                condition=~Q(transaction_id=""),
                name="billing_attempt_transaction_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="success") | (~Q(transaction_id="") & Q(paid_at__isnull=False)),
                name="billing_attempt_success_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_look_at"],
                condition=Q(state__in=["created", "paying", "unknown"]),
                name="billing_attempt_to_look",
            )
        ]
        triggers: ClassVar = [KEPT]


class NoticeRow(models.Model):
    """What a channel told, once for its event and once for its nonce, with the stored answer."""

    personal_data = "A hash of the notice; its contents are not kept."

    channel = models.CharField(max_length=10)
    event_key = models.CharField(max_length=80)
    nonce = models.CharField(max_length=80)
    out_trade_no = models.CharField(max_length=64)
    verdict = models.CharField(max_length=20)
    body_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Unique by event and by nonce."""

        db_table = "billing_notice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "event_key"], name="billing_notice_once"),
            models.UniqueConstraint(fields=["channel", "nonce"], name="billing_notice_nonce_once"),
        ]
        triggers: ClassVar = [FOR_EVER]


class RefundRow(models.Model):
    """Money that goes back, a record of its own beside what it gives back."""

    personal_data = "Ids of the people who asked for it and approved it."

    attempt = models.ForeignKey(AttemptRow, on_delete=models.PROTECT, related_name="refunds")
    out_refund_no = models.CharField(max_length=32, unique=True)
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=12)
    words = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10)
    requested_by = models.UUIDField()
    approved_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        """Two people; a known reason. That all of an attempt stay within it is a trigger."""

        db_table = "billing_refund"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="billing_refund_of_something"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RefundState]), name="billing_refund_state"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[r.value for r in RefundReason]),
                name="billing_refund_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                name="billing_refund_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "rejected"]) | Q(approved_by__isnull=False),
                name="billing_refund_approved_first",
            ),
        ]
        triggers: ClassVar = [KEPT]


class RefundLineRow(models.Model):
    """What of which bill line, or of which credit, a refund gives back."""

    personal_data = "none"

    refund = models.ForeignKey(RefundRow, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(LineRow, null=True, on_delete=models.PROTECT, related_name="+")
    payee_id = models.UUIDField()
    route_id = models.BigIntegerField()
    due_account_id = models.BigIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        """Of something."""

        db_table = "billing_refund_line"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="billing_refund_line_of_something"
            )
        ]
        triggers: ClassVar = [FOR_EVER]


class CreditRow(models.Model):
    """Credit of a family at one payee: it arises (above zero) or pays a line (below zero).

    The payee holds the money already, so credit pays only what goes to the same payee.
    """

    personal_data = "Points to a household, a payment and a bill line."

    family = models.CharField(max_length=80)
    payee_id = models.UUIDField()
    amount_fen = models.BigIntegerField()
    line = models.ForeignKey(LineRow, null=True, on_delete=models.PROTECT, related_name="+")
    attempt = models.ForeignKey(AttemptRow, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=120)
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    entry_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """With a reason; reversed once. That it stays above zero is the ledger's to refuse."""

        db_table = "billing_credit"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="billing_credit_has_reason"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="billing_credit_of_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["family"], name="billing_credit_family")]
        triggers: ClassVar = [FOR_EVER]
