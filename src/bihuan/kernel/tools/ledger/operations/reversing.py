"""Reversing: what was posted is undone by its mirror, once, and never changed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import policies, queries, rules
from bihuan.kernel.tools.ledger.facts import EntryReversed
from bihuan.kernel.tools.ledger.operations.posting import (
    FAULTS,
    UnableToPost,
    constraint_of,
    put_down,
    said,
)
from bihuan.kernel.tools.ledger.types import (
    MAY_POST,
    Entry,
    EntryId,
    NewEntry,
    Posted,
    entry_ref,
)

ONCE = "ledger_entry_reverses_id_key"


class UnableToReverse(UnableToPost):
    """The entry was reversed before, or is itself a reversal."""


def reverse_entry(
    entry_id: EntryId, *, key: str, day: date, words: str, scope: Scope, at: datetime
) -> Posted:
    """Undo an entry by its mirror on `day`, once; the same key again is the same reversal.

    Raises:
        NotAllowed: the scope does not post in this book.
        UnableToReverse: it was reversed under another key, or is a reversal.
        UnableToPost: the day is locked, or a restricted account would fall below zero.
    """
    entry = queries.get_entry(entry_id)
    policies.require(scope, MAY_POST, queries.get_book(entry.book_id).area_path)
    new = NewEntry(key=key, day=day, words=words, legs=rules.mirror(entry.legs))
    fault = rules.fault_of(new)
    if fault:
        raise UnableToPost(FAULTS[fault], code=fault)
    _refuse_second(entry, key)
    with transaction.atomic():
        posted = _put_down(entry, new, scope=scope, at=at)
        if not posted.repeated:
            amount = sum(leg.amount_fen for leg in entry.legs if leg.amount_fen > 0)
            fact = EntryReversed(entry_ref(posted.entry_id), reverses=entry_id, amount_fen=amount)
            events.record(fact, origin=scope.origin, at=at)
    return posted


def _refuse_second(entry: Entry, key: str) -> None:
    if entry.reverses is not None:
        raise UnableToReverse("A reversal is not reversed. Post the entry anew.")
    if entry.reversed_by is not None and queries.get_entry(entry.reversed_by).key != key:
        raise UnableToReverse("This entry was reversed before.")


def _put_down(entry: Entry, new: NewEntry, *, scope: Scope, at: datetime) -> Posted:
    try:
        return put_down(entry.book_id, (new,), scope=scope, at=at, reverses=entry.id)[0]
    except IntegrityError as error:
        if constraint_of(error) == ONCE:
            raise UnableToReverse("This entry was reversed before.") from error
        raise said(error) from error
