"""Tables of the books. What must never be is refused by triggers of migration 0002."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from bihuan.kernel.tools.ledger.types import Kind

FOR_EVER = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class BookRow(models.Model):
    """A set of accounts. Only the day from which it is open ever changes, and only forward."""

    personal_data = "none"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    area = models.ForeignKey("registry.Area", on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120)
    open_from = models.DateField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        """Named."""

        db_table = "ledger_book"
        triggers: ClassVar = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]


class AccountRow(models.Model):
    """An account of a book. Its kind and its restriction stand for ever."""

    personal_data = "An account of a family carries a pointer in its code, no name."

    book = models.ForeignKey(BookRow, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    restricted = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        """A code once in a book."""

        db_table = "ledger_account"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "code"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in Kind]), name="ledger_account_known_kind"
            ),
        ]
        triggers: ClassVar = [FOR_EVER]


class EntryRow(models.Model):
    """One entry: a balanced set of legs under one key, on one day, with its origin."""

    personal_data = "Ids of who posted it; the words name things, not people."

    book = models.ForeignKey(
        BookRow, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    key = models.CharField(max_length=120)
    day = models.DateField()
    words = models.CharField(max_length=200)
    cause_kind = models.CharField(max_length=60)
    cause_key = models.CharField(max_length=80)
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=12)
    at = models.DateTimeField()
    xact = models.BigIntegerField()
    """The database transaction that wrote it: no leg can join later."""

    class Meta:
        """A key once in a book; an entry reversed once (the one-to-one key)."""

        db_table = "ledger_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "key"], name="ledger_entry_once"),
            models.CheckConstraint(condition=~Q(key=""), name="ledger_entry_has_key"),
        ]
        triggers: ClassVar = [FOR_EVER]


class LegRow(models.Model):
    """One side of an entry: debits above zero, credits below.

    Its keys have no constraint each: one trigger a statement proves for all new rows together
    that entry, account, book and day fit, and none of those can be deleted.
    """

    personal_data = "none"

    pk = models.CompositePrimaryKey("entry_id", "no")
    entry = models.ForeignKey(
        EntryRow, on_delete=models.PROTECT, related_name="legs", db_constraint=False, db_index=False
    )
    no = models.SmallIntegerField()
    account = models.ForeignKey(
        AccountRow, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount_fen = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        """Read by account and day from the index alone."""

        db_table = "ledger_leg"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="ledger_leg_moves_something")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "day", "entry"], include=["amount_fen"], name="ledger_leg_card"
            )
        ]
        triggers: ClassVar = [FOR_EVER]


class BalanceRow(models.Model):
    """What went through an account, kept by the database with every leg.

    An unrestricted account is kept in stripes, so that payments that meet on the same account do
    not wait for each other; a restricted one in a single row, which can refuse.
    """

    personal_data = "none"

    pk = models.CompositePrimaryKey("account_id", "stripe")
    account = models.ForeignKey(
        AccountRow, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    stripe = models.SmallIntegerField()
    sign = models.SmallIntegerField()
    restricted = models.BooleanField()
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()

    class Meta:
        """A restricted account is one row; the trigger that moves it refuses to go below zero."""

        db_table = "ledger_balance"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(restricted=False) | Q(stripe=0), name="ledger_balance_one_row"
            ),
        ]
