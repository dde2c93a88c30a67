"""What a guardian sees: the children, what is owed, where the money goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import Bill, BillLine, Family, FeeClass
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement.types import PayeeId, Share
from bihuan.kernel.ground.registry.types import Scope
from bihuan.scenes.school_fees.models import ChildRow, GuardianRow

CHILD = "school_fees.child"


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee of a child, as the family sees it."""

    id: int
    name: str
    note: str
    payee: str
    amount_fen: int
    open_fen: int
    voluntary: bool
    chosen: bool
    entrusted: bool
    exempt: bool
    paid: bool


@dataclass(frozen=True, slots=True)
class ChildFees:
    """A child with its fees of a term."""

    name: str
    where: str
    open_fen: int
    lines: tuple[FeeLine, ...]


@dataclass(frozen=True, slots=True)
class PayeeSum:
    """What one account gets of a payment."""

    name: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Fees:
    """All that a family owes now."""

    children: tuple[ChildFees, ...]
    payees: tuple[PayeeSum, ...]
    open_fen: int
    due_day: date | None
    term: str
    waiting: str
    """Number of a payment that was begun and is not finished."""

    @property
    def may_pay(self) -> bool:
        """Return whether there is something to pay or to choose."""
        free = (line.voluntary and not line.paid for c in self.children for line in c.lines)
        return self.open_fen > 0 or any(free)


def families_of(scope: Scope) -> tuple[Family, ...]:
    """Return the families whose verified guardian asks."""
    if scope.person_id is None:
        return ()
    found = GuardianRow.objects.filter(person_id=scope.person_id).values_list("family", flat=True)
    return tuple(Family(family) for family in found)


def get_fees(scope: Scope, *, on: date) -> Fees:
    """Return what the asker's children owe, at the same few statements whatever their number."""
    families = families_of(scope)
    waiting = billing.find_open_attempt(families)
    bills = billing.list_family_bills(families)
    children = {
        str(row.pk): row
        for row in ChildRow.objects.filter(family__in=families).select_related("school")
    }
    lines = [line for bill in bills for line in bill.lines]
    routes = settlement.routes_in_force({line.route_key for line in lines}, on=on)
    ids = {part.payee_id for route in routes.values() for part in route.weights}
    names = {payee.id: payee.name for payee in settlement.payees_by_id(ids).values()}
    to = {key: names[route.weights[0].payee_id] for key, route in routes.items()}
    shown = tuple(_child(bill, children, to) for bill in bills if bill.beneficiary.kind == CHILD)
    sums: dict[str, int] = {}
    for line in lines:
        if line.open_fen:
            name = to.get(line.route_key, "")
            sums[name] = sums.get(name, 0) + line.open_fen
    return Fees(
        children=shown,
        payees=tuple(PayeeSum(name, fen) for name, fen in sums.items()),
        open_fen=sum(child.open_fen for child in shown),
        due_day=min((bill.due_day for bill in bills if bill.open_fen), default=None),
        term=bills[0].title if bills else "",
        waiting=waiting.out_trade_no if waiting else "",
    )


def _child(bill: Bill, children: dict[str, ChildRow], to: dict[str, str]) -> ChildFees:
    row = children[bill.beneficiary.key]
    return ChildFees(
        name=row.name.open(),
        where=f"{row.school.name} {row.class_name}",
        open_fen=bill.open_fen,
        lines=tuple(_line(line, to) for line in bill.lines),
    )


def _line(line: BillLine, to: dict[str, str]) -> FeeLine:
    left = line.amount_fen - line.exempt_fen - line.paid_fen
    return FeeLine(
        id=line.id,
        name=line.name,
        note=line.words or line.unit,
        payee=to.get(line.route_key, ""),
        amount_fen=max(left, 0) or line.amount_fen,
        open_fen=line.open_fen,
        voluntary=line.voluntary,
        chosen=line.chosen,
        entrusted=line.fee_class is FeeClass.ENTRUSTED,
        exempt=line.exempt_fen == line.amount_fen,
        paid=left <= 0 < line.paid_fen,
    )


def sums_of(shares: Iterable[Share]) -> tuple[PayeeSum, ...]:
    """Return what each account gets of an order."""
    total: dict[PayeeId, int] = {}
    for share in shares:
        total[share.payee_id] = total.get(share.payee_id, 0) + share.amount_fen
    names = settlement.payees_by_id(total)
    return tuple(PayeeSum(names[payee].name, fen) for payee, fen in total.items())
