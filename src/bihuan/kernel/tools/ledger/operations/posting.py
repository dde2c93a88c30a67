"""Posting: one entry or many, in one statement; the database proves what it takes.

This is a hot path (payments, settlement files), hence plain SQL: the same statement serves one
entry and sixty thousand. Keys that stand are left alone and compared afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_noop as _

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import policies, queries, rules
from bihuan.kernel.tools.ledger.types import (
    MAY_POST,
    BookId,
    EntryId,
    NewEntry,
    Posted,
)
from bihuan.platform.database import prepared
from bihuan.platform.web.errors import Refused


class UnableToPost(Refused):
    """The books do not take this entry; the words say why. Nothing was posted."""


FAULTS = {
    "not_whole": _("Amounts are whole fen."),
    "key": _("An entry needs a key of at most 120 characters."),
    "words": _("An entry says what it is, in at most 200 characters."),
    "sides": _("An entry has two sides at least, and no side of nothing."),
    "too_large": _("This amount is larger than a book can hold."),
    "unbalanced": _("Debits and credits differ. Nothing was posted."),
}
"""What the rules refuse, said to people."""

REASONS = {
    "ledger_entry_on_open_day": _("This day is locked. Correct by an entry on an open day."),
    "ledger_balance_not_below_zero": _("The account does not hold so much. Nothing was posted."),
    "ledger_leg_belongs": _("An account of this entry belongs to another book."),
    "ledger_entry_no_reversal_reversed": _("A reversal is not reversed. Post the entry anew."),
    "ledger_entry_reversal_in_its_book": _("The entry to be reversed stands in another book."),
}
"""What the database refuses, said to people."""

POST = """
WITH given AS (
    SELECT * FROM unnest(%(keys)s::text[], %(days)s::date[], %(words)s::text[],
                         %(cause_kinds)s::text[], %(cause_keys)s::text[], %(reverses)s::bigint[])
      WITH ORDINALITY AS g(key, day, words, cause_kind, cause_key, reverses_id, place)
     WHERE EXISTS (SELECT 1 FROM ledger_book WHERE id = %(book)s::bigint
                      AND area_path LIKE ANY (%(areas)s::text[]))
), head AS (
    INSERT INTO ledger_entry (book_id, key, day, words, cause_kind, cause_key, reverses_id,
                              account_id, post_id, door, at)
    SELECT %(book)s::bigint, key, day, words, cause_kind, cause_key, reverses_id,
           %(account)s::bigint, %(post)s::bigint, %(door)s::text, %(at)s::timestamptz
      FROM given
        ON CONFLICT (book_id, key) DO NOTHING
    RETURNING id, key, day
), placed AS (
    SELECT head.id, head.day, head.key, given.place
      FROM head JOIN given ON given.key COLLATE "C" = head.key COLLATE "C"
), legs AS (
    INSERT INTO ledger_leg (entry_id, no, account_id, amount_fen, day)
    SELECT placed.id, l.no, l.account_id, l.amount_fen, placed.day
      FROM unnest(%(places)s::bigint[], %(nos)s::smallint[], %(accounts)s::bigint[],
                  %(amounts)s::bigint[]) AS l(place, no, account_id, amount_fen)
      JOIN placed USING (place)
)
SELECT id, key FROM placed
"""
FEW = 20
"""Up to so many entries the statement is planned once a connection; a file is worth a plan."""


def post_entry(book_id: BookId, entry: NewEntry, *, scope: Scope, at: datetime) -> Posted:
    """Post one entry; the same key with the same contents is the same entry.

    Raises:
        NotAllowed: the scope does not post in this book.
        UnableToPost: it does not balance, the day is locked, an account would fall below zero,
            or the key stands with other contents.
    """
    return post_entries(book_id, (entry,), scope=scope, at=at)[0]


def post_entries(
    book_id: BookId, entries: Sequence[NewEntry], *, scope: Scope, at: datetime
) -> list[Posted]:
    """Post many entries, all or none, in one statement; the rules are those of `post_entry`.

    Raises:
        NotAllowed, UnableToPost: as `post_entry`; then nothing of the batch stands.
    """
    policies.require_power(scope, MAY_POST)
    _check(entries)
    return put_down(book_id, entries, scope=scope, at=at)


def put_down(
    book_id: BookId,
    entries: Sequence[NewEntry],
    *,
    scope: Scope,
    at: datetime,
    reverses: EntryId | None = None,
) -> list[Posted]:
    """Write checked entries; who calls has asked whether they may.

    No savepoint: what the books refuse ends the transaction around it, and with it whatever
    the entry was to record.
    """
    given = _columns(book_id, entries, scope, at, reverses)
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            if len(entries) <= FEW:
                prepared.run(cursor, "ledger_post", POST, given)
            else:
                cursor.execute(POST, given)
            made = {key: EntryId(entry_id) for entry_id, key in cursor.fetchall()}
            known = [e for e in entries if e.key not in made]
            if known:
                policies.require(scope, MAY_POST, queries.get_book(book_id).area_path)
            standing = _compare(book_id, known, reverses)
    except IntegrityError as error:
        raise said(error) from error
    return [
        Posted(made[e.key], e.key, repeated=False)
        if e.key in made
        else Posted(standing[e.key], e.key, repeated=True)
        for e in entries
    ]


def said(error: IntegrityError) -> UnableToPost:
    """Return what the database refused, in words; what has no words goes on as it came.

    Raises:
        IntegrityError: not one of the ledger's walls.
    """
    name = constraint_of(error)
    if name not in REASONS:
        raise error
    return UnableToPost(REASONS[name], code=name)


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the wall that refused."""
    diag = getattr(error.__cause__, "diag", None)
    return str(getattr(diag, "constraint_name", "") or "")


def _check(entries: Sequence[NewEntry]) -> None:
    for entry in entries:
        fault = rules.fault_of(entry)
        if fault:
            raise UnableToPost(FAULTS[fault], code=fault)
    if len({entry.key for entry in entries}) != len(entries):
        raise UnableToPost("Two entries of this batch have the same key.")


def _columns(
    book_id: BookId,
    entries: Sequence[NewEntry],
    scope: Scope,
    at: datetime,
    reverses: EntryId | None,
) -> dict[str, Any]:
    legs = [
        (place, no, leg)
        for place, e in enumerate(entries, start=1)
        for no, leg in enumerate(e.legs, start=1)
    ]
    return {
        "book": book_id,
        "keys": [e.key for e in entries],
        "days": [e.day for e in entries],
        "words": [e.words for e in entries],
        "cause_kinds": [e.cause.kind if e.cause else "" for e in entries],
        "cause_keys": [e.cause.key if e.cause else "" for e in entries],
        "reverses": [reverses for _e in entries],
        "account": scope.origin.account_id,
        "post": scope.origin.post_id,
        "door": scope.origin.door.value,
        "at": at,
        "areas": [f"{path}%" for path in scope.area_paths],
        "places": [place for place, _no, _leg in legs],
        "nos": [no for _place, no, _leg in legs],
        "accounts": [leg.account_id for _place, _no, leg in legs],
        "amounts": [leg.amount_fen for _place, _no, leg in legs],
    }


def _compare(
    book_id: BookId, known: Sequence[NewEntry], reverses: EntryId | None
) -> dict[str, EntryId]:
    """Return the entries that stand under known keys, after their contents were compared."""
    if not known:
        return {}
    standing = queries.entries_by_key(book_id, [entry.key for entry in known])
    for entry in known:
        found = standing[entry.key]
        same = (found.day, found.reverses) == (entry.day, reverses)
        if not same or not rules.same_legs(found.legs, entry.legs):
            raise UnableToPost(
                "The key %(key)s was posted with other contents.", code="mismatch", key=entry.key
            )
    return {key: found.id for key, found in standing.items()}
