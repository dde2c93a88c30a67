"""Payee accounts and routes: who sets one cannot approve it, and it counts from a later day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.settlement import policies, queries, rules
from bihuan.kernel.affairs.settlement.facts import (
    PayeeOpened,
    RouteApproved,
    RouteProposed,
    RouteWithdrawn,
)
from bihuan.kernel.affairs.settlement.models import (
    OperatorRow,
    PayeeRow,
    RouteRow,
    RouteShareRow,
)
from bihuan.kernel.affairs.settlement.types import (
    MAY_APPROVE_ROUTE,
    MAY_PROPOSE_ROUTE,
    NewPayee,
    NewRoute,
    Payee,
    PayeeId,
    Route,
    RouteId,
    payee_ref,
    route_ref,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import BookId, Kind, NewAccount
from bihuan.platform import clock
from bihuan.platform.web.errors import NotAllowed, Refused


class UnableToOpenPayee(Refused):
    """The account cannot be one in which money ends."""


class UnableToRoute(Refused):
    """The route cannot stand; the words say why."""


def register_operator(uscc: str, *, name: str, at: datetime) -> None:
    """Write down who runs this platform, so that no account of theirs can ever be a payee.

    Raises:
        UnableToOpenPayee: a payee account of theirs stands already.
    """
    try:
        with transaction.atomic():
            OperatorRow.objects.get_or_create(uscc=uscc, defaults={"name": name, "added_at": at})
    except IntegrityError as error:
        raise UnableToOpenPayee("An account of theirs is a payee already.") from error


def open_payee(new: NewPayee, *, book_id: BookId, scope: Scope, at: datetime) -> Payee:
    """Make an account known in which money may end; the same code again is the same account.

    Raises:
        NotAllowed: the scope proposes no routes there.
        UnableToOpenPayee: the number is none, or whoever runs this platform holds it.
    """
    policies.require(scope, MAY_PROPOSE_ROUTE)
    area = registry.get_area(new.area_code)
    policies.require_area(scope, area.path)
    digits = new.account_no.replace(" ", "")
    if not digits.isdecimal() or not 8 <= len(digits) <= 30:
        raise UnableToOpenPayee("A bank account number has 8 to 30 digits.", field="account_no")
    standing = PayeeRow.objects.filter(code=new.code).first()
    if standing is not None:
        return queries.to_payee(standing)
    try:
        with transaction.atomic():
            return _open_payee(new, digits, area, book_id, scope=scope, at=at)
    except IntegrityError as error:
        if "settlement_payee_not_of_operator" in str(error):
            raise UnableToOpenPayee(
                "Whoever runs this platform holds this account. Money never passes through it."
            ) from error
        raise


def _open_payee(
    new: NewPayee, digits: str, area: Area, book_id: BookId, *, scope: Scope, at: datetime
) -> Payee:
    account = NewAccount(f"due:{new.code}", new.name, Kind.LIABILITY)
    (due,) = ledger.open_accounts(book_id, (account,), scope=scope, at=at)
    row = PayeeRow(
        code=new.code,
        name=new.name,
        nature=new.nature.value,
        bank=new.bank,
        account_no=digits,
        tail=digits[-4:],
        holder_uscc=new.holder_uscc,
        area_id=area.id,
        area_path=area.path,
        due_account_id=due.id,
        opened_at=at,
    )
    row.save(force_insert=True)
    fact = PayeeOpened(payee_ref(PayeeId(row.pk)), code=new.code, nature=new.nature.value)
    events.record(fact, origin=scope.origin, at=at)
    return queries.to_payee(row)


def propose_route(new: NewRoute, *, scope: Scope, at: datetime) -> Route:
    """Propose where a kind of money goes from a day on. It counts only once approved.

    Raises:
        NotAllowed: the scope proposes no routes, or a payee lies elsewhere.
        UnableToRoute: no payee, a payee twice, no reason, or a day of the past.
    """
    person = policies.require_person(scope, MAY_PROPOSE_ROUTE)
    _check(new, scope, clock.business_date(at))
    with transaction.atomic():
        row = RouteRow.objects.create(
            key=new.key,
            valid_from=new.valid_from,
            reason=new.reason,
            proposed_by=person,
            proposed_at=at,
        )
        RouteShareRow.objects.bulk_create(
            RouteShareRow(route=row, payee_id=part.payee_id, weight=part.weight)
            for part in new.weights
        )
        subject = route_ref(RouteId(row.pk))
        fact = RouteProposed(subject, key=new.key, valid_from=new.valid_from)
        events.record(fact, origin=scope.origin, at=at)
    return queries.to_route(row)


def _check(new: NewRoute, scope: Scope, today: date) -> None:
    ids = {part.payee_id for part in new.weights}
    if not ids or len(ids) != len(new.weights) or min(p.weight for p in new.weights) < 1:
        raise UnableToRoute("A route names each payee once, with a part of its own.")
    if not new.reason.strip() or not new.key.strip():
        raise UnableToRoute("A route says what it is for, and why.", field="reason")
    if new.valid_from <= today:
        raise UnableToRoute("A route begins on a later day than today.", field="valid_from")
    payees = queries.payees_by_id(ids)
    if len(payees) != len(ids):
        raise UnableToRoute("There is no such payee account.")
    for payee in payees.values():
        policies.require_area(scope, payee.area_path)


def approve_route(route_id: RouteId, *, scope: Scope, at: datetime) -> Route:
    """Approve a route that somebody else proposed; it ends the one before it on its first day.

    Raises:
        NotAllowed: the scope approves no routes, or proposed this one.
        UnableToRoute: withdrawn, too late for its first day, or a later route stands.
    """
    person = policies.require_person(scope, MAY_APPROVE_ROUTE)
    with transaction.atomic():
        row = _lock(route_id)
        if row.approved_by is not None:
            return queries.to_route(row)
        if row.proposed_by == person:
            raise NotAllowed("Who proposed a route cannot approve it.")
        for payee in queries.payees_by_id(
            PayeeId(share.payee_id) for share in row.shares.all()
        ).values():
            policies.require_area(scope, payee.area_path)
        _refuse_haste(row, clock.business_date(at))
        _end_the_one_before(row)
        row.approved_by, row.approved_at = person, at
        row.save(update_fields=["approved_by", "approved_at"])
        fact = RouteApproved(route_ref(route_id), key=row.key, valid_from=row.valid_from)
        events.record(fact, origin=scope.origin, at=at)
    return queries.to_route(row)


def _refuse_haste(row: RouteRow, today: date) -> None:
    delay = int(standards.get_standard("settlement.route_delay_days", on=today).value)
    if row.valid_from < rules.earliest_day(today, delay):
        raise UnableToRoute(
            "A route counts %(days)s day after its approval at the earliest. Propose a later day.",
            field="valid_from",
            days=delay,
        )


def _end_the_one_before(row: RouteRow) -> None:
    approved = RouteRow.objects.select_for_update().filter(key=row.key, approved_by__isnull=False)
    if approved.filter(valid_from__gte=row.valid_from).exists():
        raise UnableToRoute("A later route for this stands already.")
    approved.filter(valid_to__isnull=True).update(valid_to=row.valid_from)


def withdraw_route(route_id: RouteId, *, scope: Scope, at: datetime) -> Route:
    """Withdraw one's own proposal before it is approved; or refuse somebody's.

    Raises:
        NotAllowed: neither the proposer nor an approver.
        UnableToRoute: it is approved; end it by another route.
    """
    if not scope.has(MAY_APPROVE_ROUTE):
        policies.require_person(scope, MAY_PROPOSE_ROUTE)
    with transaction.atomic():
        row = _lock(route_id)
        if row.approved_by is not None:
            raise UnableToRoute("This route is approved. End it by another one.")
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            fact = RouteWithdrawn(route_ref(route_id), key=row.key)
            events.record(fact, origin=scope.origin, at=at)
    return queries.to_route(row)


def _lock(route_id: RouteId) -> RouteRow:
    row = RouteRow.objects.select_for_update().filter(pk=route_id).first()
    if row is None:
        raise UnableToRoute("There is no such route.")
    if row.withdrawn_at is not None:
        raise UnableToRoute("This proposal was withdrawn.")
    return row
