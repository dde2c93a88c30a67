"""Credit of families: it arises with a reason, pays lines at the same payee, and can be taken back.

The payee holds the money already (the platform never does), so credit moves in the books only:
what the payee holds too much (surplus) against what the family has to its credit, a restricted
account that the database keeps above zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.db.models import F

from bihuan.kernel.affairs.billing import policies, queries, rules
from bihuan.kernel.affairs.billing.facts import CreditMoved, LineExempted
from bihuan.kernel.affairs.billing.models import BillRow, CreditRow, LineRow
from bihuan.kernel.affairs.billing.queries.bills import SHOWN
from bihuan.kernel.affairs.billing.types import (
    MAY_EXEMPT,
    AttemptId,
    BillId,
    BillLine,
    Family,
    LineId,
    bill_ref,
)
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement.types import PayeeId, Share, Wanted
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import (
    AccountId,
    BookId,
    EntryId,
    Kind,
    NewAccount,
    NewEntry,
    credit,
    debit,
)
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused


class UnableToCredit(Refused):
    """This credit cannot be moved so; the words say why."""


def credit_code(family: Family, payee_id: PayeeId) -> str:
    """Return the code of a family's credit at a payee: a hash, no name and no number."""
    digest = hashlib.blake2s(f"{family}|{payee_id}".encode(), digest_size=16).hexdigest()
    return f"credit:{digest}"


def _accounts(
    family: Family, payee_id: PayeeId, book_id: BookId, *, scope: Scope, at: datetime
) -> tuple[AccountId, AccountId]:
    """Return the payee's surplus and the family's credit there; open them the first time."""
    surplus, own = ledger.open_accounts(
        book_id,
        (
            NewAccount(f"surplus:{payee_id}"[:60], "收款户多收", Kind.ASSET, restricted=True),
            NewAccount(credit_code(family, payee_id), "家庭余额", Kind.LIABILITY, restricted=True),
        ),
        scope=scope,
        at=at,
    )
    return surplus.id, own.id


@dataclass(frozen=True, slots=True)
class Moving:
    """A change of a family's credit at a payee: above zero it arises, below it is spent."""

    family: Family
    payee_id: PayeeId
    amount_fen: int
    key: str
    reason: str
    line_id: LineId | None = None
    attempt_id: AttemptId | None = None


def _move(moving: Moving, book_id: BookId, *, scope: Scope, at: datetime) -> None:
    """Post a change of credit and write it down."""
    surplus, own = _accounts(moving.family, moving.payee_id, book_id, scope=scope, at=at)
    fen = moving.amount_fen
    legs = (
        (debit(surplus, fen), credit(own, fen))
        if fen > 0
        else (debit(own, -fen), credit(surplus, -fen))
    )
    entry = NewEntry(moving.key, clock.business_date(at), moving.reason[:200], legs)
    posted = ledger.post_entry(book_id, entry, scope=scope, at=at)
    CreditRow.objects.create(
        family=moving.family,
        payee_id=moving.payee_id,
        amount_fen=fen,
        line_id=moving.line_id,
        attempt_id=moving.attempt_id,
        reason=moving.reason[:120],
        entry_id=posted.entry_id,
        at=at,
    )


def arise(
    family: Family,
    shares: Sequence[Share],
    *,
    book_id: BookId,
    attempt_id: AttemptId,
    reason: str,
    scope: Scope,
    at: datetime,
) -> None:
    """Turn a payment that came too late, or twice, into credit at the payees that got it.

    It pays at once what it was meant for, when that is still owed and not being paid.
    """
    for share in shares:
        key = f"credit:{attempt_id}:{share.payee_id}:{share.route_id}"
        moving = Moving(
            family, share.payee_id, share.amount_fen, key, reason, attempt_id=attempt_id
        )
        _move(moving, book_id, scope=scope, at=at)
    allocate(family, book_id=book_id, reason="自动抵缴", scope=scope, at=at)


def allocate(
    family: Family, *, book_id: BookId, reason: str, scope: Scope, at: datetime
) -> tuple[LineId, ...]:
    """Let a family's credit pay what its children owe at the same payees, the earliest due first.

    A line is paid whole or, where its item allows parts, as far as credit reaches. Lines in an
    open order are left alone. Each allocation has a reason and can be taken back.
    """
    done: list[LineId] = []
    with transaction.atomic():
        list(BillRow.objects.filter(family=family).order_by("pk").select_for_update().values("pk"))
        left = queries.list_credit(family)
        bills = sorted(queries.list_family_bills([family]), key=lambda b: (b.due_day, b.id))
        for line in (line for bill in bills for line in bill.lines if line.open_fen):
            amount = _reach(line, left, clock.business_date(at))
            if amount is None:
                continue
            payee_id, fen = amount
            _spend(family, line, payee_id, fen, book_id, reason, scope=scope, at=at)
            left[payee_id] -= fen
            done.append(line.id)
    return tuple(done)


def _reach(line: BillLine, left: dict[PayeeId, int], day: date) -> tuple[PayeeId, int] | None:
    """Return which payee's credit can pay a line, and how much of it."""
    if not left or queries.is_live(line.id):
        return None
    route = settlement.find_route(line.route_key, on=day)
    if route is None or len(route.weights) != 1:
        return None
    payee_id = route.weights[0].payee_id
    fen = min(left.get(payee_id, 0), line.open_fen)
    whole = fen == line.open_fen or line.partial
    return (payee_id, fen) if fen > 0 and whole else None


def _spend(
    family: Family,
    line: BillLine,
    payee_id: PayeeId,
    fen: int,
    book_id: BookId,
    reason: str,
    *,
    scope: Scope,
    at: datetime,
) -> None:
    serial = CreditRow.objects.filter(line_id=line.id).count()
    key = f"allocate:{line.id}:{serial}"
    _move(Moving(family, payee_id, -fen, key, reason, line.id), book_id, scope=scope, at=at)
    LineRow.objects.filter(pk=line.id).update(paid_fen=F("paid_fen") + fen)
    restate(line.bill_id, at)
    fact = CreditMoved(bill_ref(line.bill_id), line_id=line.id, amount_fen=-fen, reason=reason)
    events.record(fact, origin=scope.origin, at=at)


def restate(bill_id: BillId, at: datetime) -> None:
    """Let a bill's state follow from its lines."""
    row = BillRow.objects.get(pk=bill_id)
    if row.state not in {*SHOWN, "exempted"}:
        return
    found = LineRow.objects.filter(bill_id=bill_id).select_related("publication__item")
    state = rules.state_of([queries.to_line(line) for line in found])
    if row.state != state.value:
        row.state, row.moved_at = state.value, at
        row.save(update_fields=["state", "moved_at"])


def take_back(credit_id: int, *, reason: str, scope: Scope, at: datetime) -> None:
    """Take an allocation back, once: the line is owed again, the credit stands again.

    Raises:
        NotAllowed: the scope does not exempt.
        UnableToCredit: no allocation, or taken back before.
    """
    policies.require(scope, MAY_EXEMPT)
    if not reason.strip():
        raise UnableToCredit("Say why it is taken back.", field="reason")
    with transaction.atomic():
        row = CreditRow.objects.filter(pk=credit_id, line__isnull=False, amount_fen__lt=0).first()
        if row is None or row.reverses_id is not None:
            raise UnableToCredit("There is no such allocation.")
        if CreditRow.objects.filter(reverses=row).exists():
            raise UnableToCredit("This was taken back before.")
        day = clock.business_date(at)
        key = f"takeback:{row.pk}"
        posted = ledger.reverse_entry(
            EntryId(row.entry_id), key=key, day=day, words=reason[:200], scope=scope, at=at
        )
        line = LineRow.objects.select_for_update().get(pk=cast("int", row.line_id))
        line.paid_fen += row.amount_fen
        line.save(update_fields=["paid_fen"])
        restate(BillId(line.bill_id), at)
        CreditRow.objects.create(
            family=row.family,
            payee_id=row.payee_id,
            amount_fen=-row.amount_fen,
            line_id=row.line_id,
            reason=reason.strip(),
            reverses=row,
            entry_id=posted.entry_id,
            at=at,
        )
        fact = CreditMoved(
            bill_ref(BillId(line.bill_id)),
            line_id=line.pk,
            amount_fen=-row.amount_fen,
            reason=reason.strip(),
        )
        events.record(fact, origin=scope.origin, at=at)


def exempt_line(
    line_id: LineId, *, exempt_fen: int, evidence: Ref, scope: Scope, at: datetime
) -> int:
    """Exempt something of a line, before or after it was paid; return what became credit.

    Why is kept with `evidence`, by whoever decided, and never here. What was paid beyond what is
    owed now becomes the family's credit, and pays at the same payee what its children still owe.

    Raises:
        NotAllowed: the scope does not exempt there.
        UnableToCredit: no such line, more than it, less than before, or it is being paid now.
    """
    policies.require_person(scope, MAY_EXEMPT)
    with transaction.atomic():
        lines = queries.lock_lines([line_id])
        if not lines:
            raise UnableToCredit("There is no such line.")
        (line,) = lines
        bill = BillRow.objects.get(pk=line.bill_id)
        policies.require_area(scope, bill.area_path)
        if queries.is_live(line_id):
            raise UnableToCredit("This fee is being paid now. Wait, or let the payment be closed.")
        if not line.exempt_fen <= exempt_fen <= line.amount_fen:
            raise UnableToCredit("More is exempt than is owed, or less than before.")
        over = max(line.paid_fen - (line.amount_fen - exempt_fen), 0)
        LineRow.objects.filter(pk=line_id).update(
            exempt_fen=exempt_fen, paid_fen=line.paid_fen - over
        )
        restate(line.bill_id, at)
        if over:
            _credit_over(line, Family(bill.family), over, evidence, scope=scope, at=at)
        fact = LineExempted(
            bill_ref(line.bill_id), line_id=line_id, exempt_fen=exempt_fen, credited_fen=over
        )
        events.record(fact, origin=scope.origin, at=at)
    return over


def _credit_over(
    line: BillLine, family: Family, over: int, evidence: Ref, *, scope: Scope, at: datetime
) -> None:
    day = clock.business_date(at)
    shares = settlement.split_lines([Wanted(line.route_key, over)], on=day)
    book_id = ledger.book_of(shares[0].account_id)
    serial = CreditRow.objects.filter(line_id=line.id).count()
    for share in shares:
        key = f"exempt:{line.id}:{serial}:{share.payee_id}"
        reason = f"减免补办 {evidence}"
        moving = Moving(family, share.payee_id, share.amount_fen, key, reason, line.id)
        _move(moving, book_id, scope=scope, at=at)
    allocate(family, book_id=book_id, reason="自动抵缴", scope=scope, at=at)
