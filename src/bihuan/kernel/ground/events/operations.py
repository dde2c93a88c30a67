"""Writing facts down and bringing them to those who listen."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from bihuan.kernel.ground.events import kinds
from bihuan.kernel.ground.events.models import Delivery
from bihuan.kernel.ground.events.queries import to_recorded
from bihuan.kernel.ground.events.types import Fact, FactId, Origin, RecordedFact
from bihuan.platform.database.together import Writing, as_json
from bihuan.platform.jobs import queue

logger = logging.getLogger(__name__)

RETRY_AFTER = (5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600, 48 * 3600)
"""Seconds until the next try; after the last one a delivery is dead and shown to people."""

MOST_TRIES = len(RETRY_AFTER) + 1
LEASE = timedelta(seconds=60)
"""How long a worker that was killed keeps a delivery from the others."""
PATIENCE = 4
"""Tries after which a delivery lets later ones of its subject pass: about three minutes."""


class UnableToRecord(RuntimeError):
    """A fact was recorded outside a transaction; it could then outlive or miss its cause."""


def record(fact: Fact, *, origin: Origin, at: datetime) -> RecordedFact:
    """Write `fact` down in the open transaction, with one delivery for each subscriber."""
    return record_many([(fact, origin)], at=at)[0]


def record_many(facts: Sequence[tuple[Fact, Origin]], *, at: datetime) -> list[RecordedFact]:
    """Write many facts of one moment down in one statement, in order."""
    return record_each([(fact, origin, at) for fact, origin in facts])


_GIVEN = """
    SELECT nextval('events_fact_id_seq'::regclass) AS id, ord, doc
    FROM json_array_elements(%s::json) WITH ORDINALITY AS d (doc, ord)
"""
_ONLY_IF = " WHERE (doc ->> 'only')::boolean IS NOT TRUE OR EXISTS (SELECT FROM {branch})"
_FACTS = """
    INSERT INTO events_fact (id, name, subject_kind, subject_key, payload, door, account_id,
                             post_id, unit_id, command_id, words, at)
    SELECT g.id, f.name, f.subject_kind, f.subject_key, f.payload, f.door, f.account_id,
           f.post_id, f.unit_id, f.command_id, f.words, f.at
    FROM facts_given g, json_populate_record(NULL::events_fact, g.doc) f ORDER BY ord
"""
_DELIVERIES = """
    INSERT INTO events_delivery (fact_id, subscriber, state, attempts, due_at, error)
    SELECT g.id, s.name, 'pending', 0, (g.doc ->> 'at')::timestamptz, ''
    FROM facts_given g, json_array_elements_text(g.doc -> 'subscribers') AS s (name) ORDER BY ord
"""


def record_each(
    facts: Sequence[tuple[Fact, Origin, datetime]], *, deliver: bool = True
) -> list[RecordedFact]:
    """Write many facts down, each with its own moment, in one statement, in order.

    Without `deliver` nobody is told: what happened in another house long ago is history here.
    """
    writing = Writing()
    given = record_with(writing, facts, deliver=deliver)
    if not given:
        return []
    found = writing.send("SELECT id FROM facts_given ORDER BY ord")
    return [
        RecordedFact(FactId(key), fact.name, fact.subject, doc["payload"], origin, at)
        for (fact, origin, at), doc, (key,) in zip(facts, given, found, strict=True)
    ]


def record_with(
    writing: Writing,
    facts: Sequence[tuple[Fact, Origin, datetime]],
    *,
    only_if: tuple[Fact, str] | None = None,
    deliver: bool = True,
) -> list[dict[str, Any]]:
    """Let facts be written down by the statement that writes their cause; once for a statement.

    `only_if` names one of them that is recorded only if a branch has written a row.
    """
    if not connection.in_atomic_block:
        raise UnableToRecord("record facts inside the transaction of their cause")
    if not facts:
        return []
    given = [_given(fact, origin, at) for fact, origin, at in facts]
    if not deliver:
        given = [doc | {"subscribers": []} for doc in given]
    condition = ""
    if only_if is not None:
        fact, branch = only_if
        condition = _ONLY_IF.format(branch=branch)
        for doc, (one, *_rest) in zip(given, facts, strict=True):
            doc["only"] = one is fact
    writing.add(_GIVEN + condition, as_json(given), name="facts_given")
    writing.add(_FACTS)
    if any(values["subscribers"] for values in given):
        writing.add(_DELIVERIES)
        _wake_after()
    return given


def _given(fact: Fact, origin: Origin, at: datetime) -> dict[str, Any]:
    payload = fact.payload()
    return {
        "name": fact.name,
        "subject_kind": fact.subject.kind,
        "subject_key": fact.subject.key,
        "payload": payload,
        "door": origin.door.value,
        "account_id": origin.account_id,
        "post_id": origin.post_id,
        "unit_id": origin.unit_id,
        "command_id": origin.command_id,
        "words": origin.words,
        "at": at,
        "subscribers": kinds.subscribers_of(fact.name, payload),
    }


def _wake_after() -> None:
    """Wake the worker once after the commit, however many facts the transaction records."""
    if not any(hook[1] is _wake_once for hook in connection.run_on_commit):
        transaction.on_commit(_wake_once, robust=True)


def _wake_once() -> None:
    """Ask the worker to look now; its own minute round finds what this misses."""
    queue.wake("events.deliver")


def deliver_pending(*, at: datetime, limit: int = 500) -> int:
    """Bring waiting facts to their subscribers; return how many deliveries were tried.

    A try is counted when it is claimed and its next time is set with it: a fact that kills its
    worker comes to an end like any other and blocks nobody. What a subscriber does commits together
    with the mark that he did it, so that it stands once even if two workers carry the same one.
    """
    tried = 0
    while tried < limit:
        delivery = _claim(at)
        if delivery is None:
            break
        tried += 1
        _carry(delivery, at)
    return tried


def _claim(at: datetime) -> Delivery | None:
    """Take the oldest delivery that is due and count the try.

    What one subscriber hears of one subject, he hears in order: the next waits until the one before
    is done, or was tried so often that waiting would only spread the harm.
    """
    before = Delivery.objects.filter(
        state=Delivery.State.PENDING,
        subscriber=OuterRef("subscriber"),
        fact_id__lt=OuterRef("fact_id"),
        fact__subject_kind=OuterRef("fact__subject_kind"),
        fact__subject_key=OuterRef("fact__subject_key"),
        attempts__lt=PATIENCE,
    )
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("fact")
            .filter(~Exists(before), state=Delivery.State.PENDING, due_at__lte=at)
            .order_by("fact_id")
            .first()
        )
        if delivery is not None:
            delivery.attempts += 1
            delivery.due_at = at + LEASE
            if delivery.attempts > MOST_TRIES:
                delivery.state = Delivery.State.DEAD
                delivery.error = delivery.error or "its worker ended each time"
            delivery.save(update_fields=["attempts", "due_at", "state", "error"])
    return delivery


def _carry(delivery: Delivery, at: datetime) -> None:
    if delivery.state == Delivery.State.DEAD:
        return
    try:
        with transaction.atomic():
            mine = Delivery.objects.filter(
                pk=delivery.pk, state=Delivery.State.PENDING, attempts=delivery.attempts
            )
            if mine.update(state=Delivery.State.DONE, done_at=at, error=""):
                _hand_over(delivery)
    except Exception as error:
        _put_off(delivery, error, at)


def _hand_over(delivery: Delivery) -> None:
    handler = kinds.handler_of(delivery.fact.name, delivery.subscriber)
    if handler is None:
        raise LookupError(f"nobody is called {delivery.subscriber}")
    handler(to_recorded(delivery.fact))


def _put_off(delivery: Delivery, error: Exception, at: datetime) -> None:
    logger.exception("%s failed on fact %s", delivery.subscriber, delivery.fact_id)
    mine = Delivery.objects.filter(
        pk=delivery.pk, state=Delivery.State.PENDING, attempts=delivery.attempts
    )
    words = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= MOST_TRIES:
        mine.update(state=Delivery.State.DEAD, error=words)
    else:
        due = at + timedelta(seconds=RETRY_AFTER[delivery.attempts - 1])
        mine.update(due_at=due, error=words)
