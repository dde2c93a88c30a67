"""Refunds: asked for by one person, approved by another, sent to the channel, and followed home.

Money that was not yet cleared goes back by its channel; what was cleared already is claimed from
its payee by the next batches, netted inside that payee only.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.billing import policies, queries, rules
from bihuan.kernel.affairs.billing.facts import RefundMoved
from bihuan.kernel.affairs.billing.models import (
    AttemptRow,
    LineRow,
    OrderLineRow,
    RefundLineRow,
    RefundRow,
)
from bihuan.kernel.affairs.billing.operations.crediting import restate
from bihuan.kernel.affairs.billing.types import (
    MAY_APPROVE_REFUND,
    MAY_REFUND,
    MAY_TAKE,
    AttemptId,
    BillId,
    Pay,
    Refund,
    RefundId,
    RefundReason,
    RefundState,
    refund_ref,
)
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement.types import Expected, PayeeId, RouteId, Share, Wanted
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import AccountId, BookId, NewEntry, credit, debit
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, Refused


class UnableToRefund(Refused):
    """This cannot be given back so; the words say why."""


def to_refund(row: RefundRow) -> Refund:
    """Return the row as a value."""
    return Refund(
        id=RefundId(row.pk),
        attempt_id=AttemptId(row.attempt_id),
        out_refund_no=row.out_refund_no,
        amount_fen=row.amount_fen,
        reason=RefundReason(row.reason),
        state=RefundState(row.state),
        requested_by=row.requested_by,
        approved_by=row.approved_by,
    )


def request_refund(
    attempt_id: AttemptId,
    lines: Sequence[Pay],
    *,
    reason: RefundReason,
    words: str,
    scope: Scope,
    at: datetime,
) -> Refund:
    """Ask that something of a payment goes back, line by line.

    Raises:
        NotAllowed: the scope does not ask for refunds.
        UnableToRefund: not paid, a line not of it, or more than was paid and not yet given back.
    """
    person = policies.require_person(scope, MAY_REFUND)
    with transaction.atomic():
        attempt = AttemptRow.objects.select_for_update().filter(pk=attempt_id).first()
        if attempt is None or attempt.state != "success":
            raise UnableToRefund("This payment was not made, so nothing goes back.")
        known = queries.lock_lines(pay.line_id for pay in lines)
        _check(attempt, lines, {line.id: line.paid_fen for line in known})
        keys = {line.id: line.route_key for line in known}
        row = RefundRow(
            attempt=attempt,
            out_refund_no=f"R{clock.business_date(at):%Y%m%d}{secrets.token_hex(10).upper()}",
            amount_fen=sum(pay.amount_fen for pay in lines),
            reason=reason.value,
            words=words,
            state=RefundState.REQUESTED.value,
            requested_by=person,
            at=at,
            moved_at=at,
        )
        _save_within(row)
        day = clock.business_date(attempt.paid_at or at)
        for pay in lines:
            shares = settlement.split_lines([Wanted(keys[pay.line_id], pay.amount_fen)], on=day)
            RefundLineRow.objects.bulk_create(_line(row, pay, share) for share in shares)
        _record(row, "request", scope=scope, at=at)
    return to_refund(row)


def _line(row: RefundRow, pay: Pay, share: Share) -> RefundLineRow:
    return RefundLineRow(
        refund=row,
        line_id=pay.line_id,
        payee_id=share.payee_id,
        route_id=share.route_id,
        due_account_id=share.account_id,
        amount_fen=share.amount_fen,
    )


def _check(attempt: AttemptRow, lines: Sequence[Pay], paid: dict[object, int]) -> None:
    ordered = {
        row.line_id: row.amount_fen for row in OrderLineRow.objects.filter(order=attempt.order_id)
    }
    if not lines or len({pay.line_id for pay in lines}) != len(lines):
        raise UnableToRefund("Say which fees go back, each once.")
    for pay in lines:
        within = min(ordered.get(pay.line_id, 0), paid.get(pay.line_id, 0))
        if not 0 < pay.amount_fen <= within:
            raise UnableToRefund("More would go back than was paid for this fee.")


def _save_within(row: RefundRow) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "billing_refund_within" in str(error) or "refunds of attempt" in str(error):
            raise UnableToRefund("More would go back than was paid.") from error
        raise


def move_refund(refund_id: RefundId, move: str, *, scope: Scope, at: datetime) -> Refund:
    """Approve or reject a refund that somebody else asked for; note that it was sent, or failed.

    Raises:
        NotAllowed: the power lacks, or the same person asked for it.
        UnableToRefund: the move does not follow.
    """
    with transaction.atomic():
        row = _locked(refund_id)
        if move in {"approve", "reject"}:
            person = policies.require_person(scope, MAY_APPROVE_REFUND)
            if person == row.requested_by:
                raise NotAllowed("Who asked for a refund cannot approve it.")
            row.approved_by = person if move == "approve" else None
        else:
            policies.require(scope, MAY_TAKE)
        _step(row, move, at)
        _record(row, move, scope=scope, at=at)
    return to_refund(row)


def finish_refund(refund_id: RefundId, *, scope: Scope, at: datetime) -> Refund:
    """Note that the channel gave the money back, and post it: once, however often it is told.

    Raises:
        NotAllowed: the scope does not take what channels say.
        UnableToRefund: it was not sent.
    """
    policies.require(scope, MAY_TAKE)
    with transaction.atomic():
        row = _locked(refund_id)
        if row.state == RefundState.DONE.value:
            return to_refund(row)
        _step(row, "finish", at)
        lines = list(RefundLineRow.objects.filter(refund=row))
        for line in lines:
            found = LineRow.objects.select_for_update().get(pk=cast("int", line.line_id))
            found.paid_fen -= line.amount_fen
            found.save(update_fields=["paid_fen"])
            restate(BillId(found.bill_id), at)
        _post(row, lines, scope=scope, at=at)
        _record(row, "finish", scope=scope, at=at)
    return to_refund(row)


def _post(row: RefundRow, lines: Sequence[RefundLineRow], *, scope: Scope, at: datetime) -> None:
    attempt = AttemptRow.objects.select_related("merchant").get(pk=row.attempt_id)
    day = clock.business_date(at)
    shares = tuple(
        Share(
            PayeeId(line.payee_id),
            RouteId(line.route_id),
            AccountId(line.due_account_id),
            -line.amount_fen,
        )
        for line in lines
    )
    cause = refund_ref(RefundId(row.pk))
    money = Expected(cause, attempt.channel, day, -row.amount_fen, shares, row.out_refund_no)
    settlement.expect([money], scope=scope, at=at)
    legs = [debit(share.account_id, -share.amount_fen) for share in shares]
    taken = credit(AccountId(attempt.merchant.account_id), row.amount_fen)
    words = f"退费 {row.out_refund_no}"
    entry = NewEntry(f"refund:{row.out_refund_no}", day, words, (*legs, taken), cause)
    ledger.post_entry(BookId(attempt.merchant.book_id), entry, scope=scope, at=at)


def _locked(refund_id: RefundId) -> RefundRow:
    row = RefundRow.objects.select_for_update().filter(pk=refund_id).first()
    if row is None:
        raise UnableToRefund("There is no such refund.")
    return row


def _step(row: RefundRow, move: str, at: datetime) -> None:
    target = rules.refund_move(RefundState(row.state), move)
    if target is None:
        raise UnableToRefund("This step does not follow. Look at the refund again.")
    row.state, row.moved_at = target.value, at
    row.save(update_fields=["state", "moved_at", "approved_by"])


def _record(row: RefundRow, move: str, *, scope: Scope, at: datetime) -> None:
    fact = RefundMoved(
        refund_ref(RefundId(row.pk)),
        attempt_id=row.attempt_id,
        amount_fen=row.amount_fen,
        move=move,
        target=row.state,
    )
    events.record(fact, origin=scope.origin, at=at)


__all__ = ["UnableToRefund", "finish_refund", "move_refund", "request_refund"]
