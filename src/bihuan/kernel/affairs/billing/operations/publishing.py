"""Fee items and what is published about them; merchants."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from bihuan.kernel.affairs.billing import policies, queries
from bihuan.kernel.affairs.billing.facts import ItemPublished
from bihuan.kernel.affairs.billing.models import ItemRow, MerchantRow, PublicationRow
from bihuan.kernel.affairs.billing.queries.bills import to_publication
from bihuan.kernel.affairs.billing.types import (
    MAY_PUBLISH,
    Channel,
    NewItem,
    NewPublication,
    Publication,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import BookId, Kind, NewAccount
from bihuan.platform.web.errors import Refused


class UnableToPublish(Refused):
    """What is to be published lacks something, or contradicts what stands."""


def publish_item(
    item: NewItem, publication: NewPublication, *, scope: Scope, at: datetime
) -> Publication:
    """Publish a fee item from a day on; a change ends what was published before on that day.

    The same publication again is the same one.

    Raises:
        NotAllowed: the scope does not publish there.
        UnableToPublish: no basis, no amount, an item that means something else, or a day before
            what stands.
    """
    policies.require(scope, MAY_PUBLISH)
    policies.require_area(scope, item.area_path)
    if not publication.basis.strip() or publication.standard_fen <= 0:
        raise UnableToPublish("A fee is published with its basis and its amount.", field="basis")
    with transaction.atomic():
        row = _item(item)
        standing = PublicationRow.objects.select_for_update().filter(item=row)
        same = standing.filter(valid_from=publication.valid_from).first()
        if same is not None:
            return _same(same, publication)
        if standing.filter(valid_from__gt=publication.valid_from).exists():
            raise UnableToPublish("A later amount is published already.", field="valid_from")
        standing.filter(valid_to__isnull=True).update(valid_to=publication.valid_from)
        made = PublicationRow.objects.create(
            item=row,
            unit=publication.unit,
            standard_fen=publication.standard_fen,
            basis=publication.basis.strip(),
            approver=publication.approver,
            valid_from=publication.valid_from,
            valid_to=publication.valid_to,
            published_at=at,
            account_id=scope.origin.account_id,
        )
        fact = ItemPublished(
            Ref("billing.publication", str(made.pk)),
            code=item.code,
            standard_fen=publication.standard_fen,
            valid_from=publication.valid_from,
        )
        events.record(fact, origin=scope.origin, at=at)
    return to_publication(made)


def _item(item: NewItem) -> ItemRow:
    given = {
        "name": item.name,
        "fee_class": item.fee_class.value,
        "route_key": item.route_key,
        "area_path": item.area_path,
        "voluntary": item.voluntary,
        "partial": item.partial,
    }
    row, _made = ItemRow.objects.get_or_create(
        provider_kind=item.provider.kind,
        provider_key=item.provider.key,
        code=item.code,
        defaults=given,
    )
    for name in ("fee_class", "route_key", "voluntary", "partial"):
        if getattr(row, name) != given[name]:
            raise UnableToPublish(
                "%(item)s stands already and means something else.", item=item.code
            )
    return row


def _same(row: PublicationRow, new: NewPublication) -> Publication:
    if (row.standard_fen, row.basis) != (new.standard_fen, new.basis.strip()):
        raise UnableToPublish("Another amount is published from this day.", field="standard_fen")
    return to_publication(row)


def end_publication(publication: Publication, *, on: date, scope: Scope) -> Publication:
    """End what is published: from this day nothing is billed by it."""
    policies.require(scope, MAY_PUBLISH)
    with transaction.atomic():
        PublicationRow.objects.filter(pk=publication.id, valid_to__isnull=True).update(valid_to=on)
    return queries.publications_by_id([publication.id])[publication.id]


def open_merchant(
    channel: Channel, number: str, *, book_id: BookId, scope: Scope, at: datetime
) -> int:
    """Make a merchant number known, with the account that says what the channel owes."""
    policies.require(scope, MAY_PUBLISH)
    book = ledger.get_book(book_id)
    account = NewAccount(f"in:{channel.value}", channel.value, Kind.ASSET)
    (taken,) = ledger.open_accounts(book_id, (account,), scope=scope, at=at)
    row, _made = MerchantRow.objects.get_or_create(
        channel=channel.value,
        number=number,
        defaults={
            "book_id": book_id,
            "account_id": taken.id,
            "area_path": book.area_path,
            "opened_at": at,
        },
    )
    return int(row.pk)
