"""Payees and routes in force, and the split of lines by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from bihuan.kernel.affairs.settlement import rules
from bihuan.kernel.affairs.settlement.models import PayeeRow, RouteRow
from bihuan.kernel.affairs.settlement.policies import readable
from bihuan.kernel.affairs.settlement.types import (
    Nature,
    Payee,
    PayeeId,
    Route,
    RouteId,
    RouteKey,
    Share,
    Wanted,
    Weight,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import AccountId
from bihuan.platform.web.errors import NotFound, Refused


class UnableToFindRoute(Refused):
    """No approved route is in force for this kind of money: nothing is collected."""


class UnableToFindPayee(NotFound):
    """There is no such payee account."""


def to_payee(row: PayeeRow) -> Payee:
    """Return the row as a value, without the account number."""
    return Payee(
        id=PayeeId(row.pk),
        code=row.code,
        name=row.name,
        nature=Nature(row.nature),
        bank=row.bank,
        tail=row.tail,
        holder_uscc=row.holder_uscc,
        area_path=row.area_path,
        due_account=AccountId(row.due_account_id),
    )


def to_route(row: RouteRow) -> Route:
    """Return the row as a value, with its weights."""
    shares = sorted(row.shares.all(), key=lambda share: share.pk)
    return Route(
        id=RouteId(row.pk),
        key=RouteKey(row.key),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        weights=tuple(Weight(PayeeId(share.payee_id), share.weight) for share in shares),
        reason=row.reason,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )


def get_payee(code: str) -> Payee:
    """Return a payee account by its code.

    Raises:
        UnableToFindPayee: there is none.
    """
    row = PayeeRow.objects.filter(code=code).first()
    if row is None:
        raise UnableToFindPayee("There is no such payee account.")
    return to_payee(row)


def payees_by_id(ids: Iterable[PayeeId]) -> dict[PayeeId, Payee]:
    """Return several payees by id."""
    rows = PayeeRow.objects.filter(pk__in=list(ids))
    return {PayeeId(row.pk): to_payee(row) for row in rows}


def list_payees(*, scope: Scope) -> tuple[Payee, ...]:
    """Return the payee accounts that `scope` may see, by code."""
    rows = PayeeRow.objects.filter(readable(scope)).order_by("code")
    return tuple(to_payee(row) for row in rows)


def list_proposals() -> tuple[Route, ...]:
    """Return the routes that wait for a second person."""
    rows = RouteRow.objects.filter(approved_by__isnull=True, withdrawn_at__isnull=True)
    return tuple(to_route(row) for row in rows.prefetch_related("shares").order_by("pk"))


def find_route(key: RouteKey, *, on: date) -> Route | None:
    """Return the approved route in force on a day, or None."""
    return routes_in_force({key}, on=on).get(key)


def routes_in_force(keys: set[RouteKey], *, on: date) -> dict[str, Route]:
    """Return the approved routes of several kinds of money on a day, in two statements."""
    rows = RouteRow.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        key__in=keys,
        valid_from__lte=on,
        approved_by__isnull=False,
    )
    return {row.key: to_route(row) for row in rows.prefetch_related("shares")}


def split_lines(wanted: Sequence[Wanted], *, on: date) -> tuple[Share, ...]:
    """Split lines by the routes in force on a day; the shares add up to the lines, to the fen.

    Raises:
        UnableToFindRoute: a line has no approved route on that day.
    """
    routes = routes_in_force({line.key for line in wanted}, on=on)
    for line in wanted:
        if line.key not in routes:
            raise UnableToFindRoute(
                "No account is approved for %(what)s on this day. Nothing is collected.",
                what=line.key,
            )
    if any(len(route.weights) > 1 for route in routes.values()):
        _require_ratio(on)
    ids = {part.payee_id for route in routes.values() for part in route.weights}
    accounts = {payee.id: payee.due_account for payee in payees_by_id(ids).values()}
    return rules.split(wanted, routes, accounts, ledger.share_out)


def _require_ratio(on: date) -> None:
    """Refuse a split by ratio unless a dated rule allows it and says how fen are shared."""
    found = standards.find_standard("settlement.split_by_ratio", on=on)
    if found is None or found.value != "largest_remainder":
        raise UnableToFindRoute("No rule allows to split by ratio on this day.")
