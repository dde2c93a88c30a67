"""Published items and bills."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from bihuan.kernel.affairs.billing.models import BillRow, LineRow, PublicationRow
from bihuan.kernel.affairs.billing.policies import UnableToFindBill, readable
from bihuan.kernel.affairs.billing.types import (
    Bill,
    BillId,
    BillLine,
    BillState,
    Family,
    FeeClass,
    ItemId,
    LineId,
    Publication,
    PublicationId,
)
from bihuan.kernel.affairs.settlement.types import RouteKey
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope

SHOWN = [s.value for s in (BillState.PUBLISHED, BillState.PARTLY_PAID, BillState.PAID)]


def to_publication(row: PublicationRow) -> Publication:
    """Return the row as a value."""
    item = row.item
    return Publication(
        id=PublicationId(row.pk),
        item_id=ItemId(item.pk),
        provider=Ref(item.provider_kind, item.provider_key),
        code=item.code,
        name=item.name,
        fee_class=FeeClass(item.fee_class),
        route_key=RouteKey(item.route_key),
        voluntary=item.voluntary,
        partial=item.partial,
        unit=row.unit,
        standard_fen=row.standard_fen,
        basis=row.basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def get_publication(provider: Ref, code: str, *, on: date) -> Publication | None:
    """Return what is published of a provider's item on a day, or None."""
    found = [p for p in list_publications(provider, on=on) if p.code == code]
    return found[0] if found else None


def list_publications(provider: Ref, *, on: date) -> tuple[Publication, ...]:
    """Return what a provider has published and is in force on a day: for anybody to read."""
    rows = PublicationRow.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        item__provider_kind=provider.kind,
        item__provider_key=provider.key,
        valid_from__lte=on,
    ).select_related("item")
    return tuple(to_publication(row) for row in rows.order_by("item__code"))


def publications_by_id(ids: Iterable[PublicationId]) -> dict[PublicationId, Publication]:
    """Return several publications by id."""
    rows = PublicationRow.objects.filter(pk__in=set(ids)).select_related("item")
    return {PublicationId(row.pk): to_publication(row) for row in rows}


def to_line(row: LineRow) -> BillLine:
    """Return the row as a value; its publication and item are loaded."""
    item = row.publication.item
    return BillLine(
        id=LineId(row.pk),
        bill_id=BillId(row.bill_id),
        publication_id=PublicationId(row.publication_id),
        name=item.name,
        fee_class=FeeClass(item.fee_class),
        route_key=RouteKey(item.route_key),
        unit=row.publication.unit,
        words=row.words,
        amount_fen=row.amount_fen,
        exempt_fen=row.exempt_fen,
        paid_fen=row.paid_fen,
        voluntary=row.voluntary,
        chosen=row.chosen_at is not None,
        partial=item.partial,
    )


def _bills(condition: Q) -> tuple[Bill, ...]:
    rows = list(BillRow.objects.filter(condition).order_by("pk"))
    lines: dict[int, list[BillLine]] = {row.pk: [] for row in rows}
    found = LineRow.objects.filter(bill__in=lines).select_related("publication__item")
    for line in found.order_by("pk"):
        lines[line.bill_id].append(to_line(line))
    return tuple(_bill(row, tuple(lines[row.pk])) for row in rows)


def _bill(row: BillRow, lines: tuple[BillLine, ...]) -> Bill:
    return Bill(
        id=BillId(row.pk),
        provider=Ref(row.provider_kind, row.provider_key),
        beneficiary=Ref(row.beneficiary_kind, row.beneficiary_key),
        family=Family(row.family),
        term=row.term,
        title=row.title,
        area_path=row.area_path,
        state=BillState(row.state),
        due_day=row.due_day,
        lines=lines,
    )


def get_bill(bill_id: BillId, *, scope: Scope) -> Bill:
    """Return a bill for an officer.

    Raises:
        UnableToFindBill: none, or none for this scope.
    """
    found = _bills(Q(readable(scope), pk=bill_id))
    if not found:
        raise UnableToFindBill("There is no such bill, or it is not in your care.")
    return found[0]


def list_bills(provider: Ref, *, term: str, scope: Scope) -> tuple[Bill, ...]:
    """Return a provider's bills of a term, for its officers."""
    own = Q(provider_kind=provider.kind, provider_key=provider.key, term=term)
    return _bills(readable(scope) & own)


def list_family_bills(families: Iterable[Family]) -> tuple[Bill, ...]:
    """Return the published bills of families; who asks has proved that they are theirs."""
    return _bills(Q(family__in=list(families), state__in=SHOWN))


def lock_lines(line_ids: Iterable[LineId]) -> tuple[BillLine, ...]:
    """Lock the bills of some lines, by id, and return the lines as they stand then."""
    ids = list(line_ids)
    bills = BillRow.objects.filter(pk__in=LineRow.objects.filter(pk__in=ids).values("bill_id"))
    list(bills.order_by("pk").select_for_update().values_list("pk"))
    rows = LineRow.objects.filter(pk__in=ids).select_related("publication__item").order_by("pk")
    return tuple(to_line(row) for row in rows)
