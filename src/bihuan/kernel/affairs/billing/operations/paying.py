"""What a channel told becomes money in the books: one commit, at most eight statements.

This is the hottest path of the room, hence plain SQL. The order: lock the order, compare what was
told, lock the bills, write attempt, order, lines, bills and notice in one statement, say what is to
be cleared, post, record the fact. Everything else happens later, by those who listen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from bihuan.kernel.affairs.billing import policies, rules
from bihuan.kernel.affairs.billing.facts import NoticeRefused, PaymentTaken
from bihuan.kernel.affairs.billing.operations import crediting
from bihuan.kernel.affairs.billing.types import (
    MAY_TAKE,
    AttemptId,
    AttemptState,
    Family,
    OrderId,
    OrderState,
    Said,
    Told,
    Verdict,
    attempt_ref,
)
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement.types import Expected, PayeeId, RouteId, Share
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import AccountId, BookId, NewEntry, credit, debit
from bihuan.platform import clock
from bihuan.platform.database import prepared

LOCK = """
SELECT a.id, a.state, a.amount_fen, a.transaction_id, o.id, o.state, o.family,
       m.number, m.book_id, m.account_id,
       (SELECT array_agg((s.payee_id, s.route_id, s.due_account_id, s.amount_fen)::text
                         ORDER BY s.id) FROM billing_order_share s WHERE s.order_id = o.id),
       (SELECT n.verdict FROM billing_notice n
         WHERE n.channel = %(channel)s AND n.event_key = %(event_key)s),
       (SELECT count(DISTINCT l.bill_id) FROM billing_order_line p
          JOIN billing_line l ON l.id = p.line_id WHERE p.order_id = o.id)
  FROM billing_attempt a
  JOIN billing_order o ON o.id = a.order_id
  JOIN billing_merchant m ON m.id = a.merchant_id
 WHERE a.out_trade_no = %(out_trade_no)s AND a.channel = %(channel)s
   FOR UPDATE OF o, a
"""
LOCK_BILLS = """
SELECT id FROM billing_bill
 WHERE id IN (SELECT l.bill_id FROM billing_order_line p JOIN billing_line l ON l.id = p.line_id
               WHERE p.order_id = %s)
 ORDER BY id FOR UPDATE
"""
NOTE = """
INSERT INTO billing_notice (channel, event_key, nonce, out_trade_no, verdict, body_hash, at)
VALUES (%(channel)s, %(event_key)s, %(nonce)s, %(out_trade_no)s, %(verdict)s, %(body_hash)s,
        %(at)s::timestamptz)
    ON CONFLICT DO NOTHING RETURNING id
"""
PAY = """
WITH noted AS ({NOTE}), attempt AS (
    UPDATE billing_attempt SET state = 'success', transaction_id = %(transaction_id)s,
           paid_at = %(paid_at)s::timestamptz, next_look_at = NULL
     WHERE id = %(attempt)s
), ordered AS (
    UPDATE billing_order SET state = 'paid', ended_at = %(at)s::timestamptz
     WHERE id = %(order)s AND %(settles)s::boolean
), parts AS (
    UPDATE billing_order_line SET live = false
     WHERE order_id = %(order)s AND %(settles)s::boolean
    RETURNING line_id, amount_fen
), paid AS (
    UPDATE billing_line line SET paid_fen = line.paid_fen + parts.amount_fen
      FROM parts WHERE line.id = parts.line_id
    RETURNING line.bill_id, parts.amount_fen
), sums AS (
    SELECT bill_id, sum(amount_fen) AS paid_fen FROM paid GROUP BY bill_id
), bills AS (
    UPDATE billing_bill bill
       SET moved_at = %(at)s::timestamptz, state = CASE WHEN sums.paid_fen < (
               SELECT sum(greatest(l.amount_fen - l.exempt_fen - l.paid_fen, 0))
                 FROM billing_line l
                WHERE l.bill_id = bill.id AND (NOT l.voluntary OR l.chosen_at IS NOT NULL))
           THEN 'partly_paid' ELSE 'paid' END
      FROM sums WHERE sums.bill_id = bill.id
)
SELECT id FROM noted
""".replace("{NOTE}", NOTE)


class _Again(Exception):
    """The notice's event or nonce is known: nothing of this transaction stands."""


@dataclass(frozen=True, slots=True)
class Locked:
    """An attempt with its order, locked."""

    attempt_id: AttemptId
    attempt_state: AttemptState
    amount_fen: int
    transaction_id: str
    order_id: OrderId
    order_state: OrderState
    family: Family
    merchant: str
    book_id: BookId
    channel_account: AccountId
    shares: tuple[Share, ...]
    known: str | None
    bills: int


def take(told: Told, *, body: bytes, scope: Scope, at: datetime) -> Verdict:
    """Act on what a channel told, its signature verified; safe for any number of repeats.

    Returns the verdict, which is also the stored answer: the same event gets the same again.

    Raises:
        NotAllowed: the scope does not take payments.
    """
    policies.require(scope, MAY_TAKE)
    seconds = standards.get_standard("billing.notice_age_seconds", on=clock.business_date(at))
    if not rules.is_fresh(told, now=at, seconds=int(seconds.value)):
        return Verdict.STALE
    try:
        with transaction.atomic():
            return _take(told, hashlib.sha256(body).hexdigest(), scope=scope, at=at)
    except _Again:
        return _known(told)
    except IntegrityError as error:
        if "billing_attempt_transaction_once" in str(error):
            return _refuse_outside(told, Verdict.WRONG_TRANSACTION, body, scope=scope, at=at)
        raise


def _take(told: Told, body_hash: str, *, scope: Scope, at: datetime) -> Verdict:
    given = _given(told, body_hash, at)
    found = _lock(given)
    if found is None:
        return _refuse(given, Verdict.UNKNOWN_ORDER, None, told, scope=scope, at=at)
    if found.known is not None:
        return _stored(found.known)
    if told.said is not Said.SUCCESS:
        _note(given, Verdict.NOTED)
        return Verdict.NOTED
    fault = rules.judge(
        told,
        amount_fen=found.amount_fen,
        merchant=found.merchant,
        transaction_id=found.transaction_id,
    )
    if fault is not None:
        return _refuse(given, fault, found, told, scope=scope, at=at)
    if found.attempt_state is AttemptState.SUCCESS:
        _note(given, Verdict.REPEATED)
        return Verdict.REPEATED
    return _pay(given, found, told, scope=scope, at=at)


def _pay(
    given: dict[str, Any], found: Locked, told: Told, *, scope: Scope, at: datetime
) -> Verdict:
    """Bring the money into the books; an order that is over turns it into the family's credit."""
    settles = found.order_state is OrderState.OPEN
    verdict = Verdict.PAID if settles else Verdict.SURPLUS
    paid_at = told.paid_at or at
    with connection.cursor() as cursor:
        if settles and found.bills > 1:  # one bill is locked by its own update
            cursor.execute(LOCK_BILLS, [found.order_id])
        prepared.run(
            cursor,
            "billing_pay",
            PAY,
            given
            | {
                "verdict": verdict.value,
                "attempt": found.attempt_id,
                "order": found.order_id,
                "settles": settles,
                "transaction_id": told.transaction_id,
                "paid_at": paid_at,
            },
        )
        if cursor.fetchone() is None:
            raise _Again
    day = clock.business_date(paid_at)
    cause = attempt_ref(found.attempt_id)
    money = Expected(
        cause, told.channel.value, day, found.amount_fen, found.shares, told.out_trade_no
    )
    settlement.expect([money], scope=scope, at=at)
    legs = (debit(found.channel_account, found.amount_fen), *(_due(s) for s in found.shares))
    entry = NewEntry(f"pay:{told.out_trade_no}", day, f"缴费 {told.out_trade_no}", legs, cause)
    ledger.post_entry(found.book_id, entry, scope=scope, at=at)
    if not settles:
        crediting.arise(
            found.family,
            found.shares,
            book_id=found.book_id,
            attempt_id=found.attempt_id,
            reason="订单已结束后到账",
            scope=scope,
            at=at,
        )
    fact = PaymentTaken(
        cause,
        order_id=found.order_id,
        channel=told.channel.value,
        amount_fen=found.amount_fen,
        transaction_id=told.transaction_id,
        surplus=not settles,
    )
    events.record(fact, origin=scope.origin, at=at)
    return verdict


def _due(share: Share) -> Any:
    return credit(share.account_id, share.amount_fen)


def _given(told: Told, body_hash: str, at: datetime) -> dict[str, Any]:
    return {
        "channel": told.channel.value,
        "event_key": told.event_key[:80],
        "nonce": told.nonce[:80],
        "out_trade_no": told.out_trade_no[:64],
        "body_hash": body_hash,
        "at": at,
    }


def _lock(given: dict[str, Any]) -> Locked | None:
    with connection.cursor() as cursor:
        prepared.run(cursor, "billing_lock", LOCK, given)
        row = cursor.fetchone()
    if row is None:
        return None
    return Locked(
        attempt_id=AttemptId(row[0]),
        attempt_state=AttemptState(row[1]),
        amount_fen=row[2],
        transaction_id=row[3],
        order_id=OrderId(row[4]),
        order_state=OrderState(row[5]),
        family=Family(row[6]),
        merchant=row[7],
        book_id=BookId(row[8]),
        channel_account=AccountId(row[9]),
        shares=tuple(_share(text) for text in row[10]),
        known=row[11],
        bills=row[12],
    )


def _share(text: str) -> Share:
    payee, route, account, amount = text.strip("()").split(",")
    return Share(PayeeId(UUID(payee)), RouteId(int(route)), AccountId(int(account)), int(amount))


def _note(given: dict[str, Any], verdict: Verdict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTE, given | {"verdict": verdict.value})
        if cursor.fetchone() is None:
            raise _Again


def _refuse(
    given: dict[str, Any],
    verdict: Verdict,
    found: Locked | None,
    told: Told,
    *,
    scope: Scope,
    at: datetime,
) -> Verdict:
    """Keep a genuine notice that does not fit, and let a person know; no money moves."""
    _note(given, verdict)
    subject = attempt_ref(found.attempt_id) if found else Ref("billing.notice", given["event_key"])
    fact = NoticeRefused(
        subject, channel=told.channel.value, verdict=verdict.value, amount_fen=told.amount_fen
    )
    events.record(fact, origin=scope.origin, at=at)
    return verdict


def _refuse_outside(
    told: Told, verdict: Verdict, body: bytes, *, scope: Scope, at: datetime
) -> Verdict:
    given = _given(told, hashlib.sha256(body).hexdigest(), at)
    try:
        with transaction.atomic():
            return _refuse(given, verdict, None, told, scope=scope, at=at)
    except _Again:
        return _known(told)


def _known(told: Told) -> Verdict:
    """Return the stored answer of a known event; a known nonce under another event is a replay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verdict FROM billing_notice WHERE channel = %s AND event_key = %s",
            [told.channel.value, told.event_key[:80]],
        )
        row = cursor.fetchone()
    return _stored(row[0]) if row else Verdict.REPLAYED


def _stored(verdict: str) -> Verdict:
    known = Verdict(verdict)
    return Verdict.REPEATED if known.accepted else known
