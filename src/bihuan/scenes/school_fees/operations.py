"""The verb of this story: choose, and order everything in one payment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.billing import api as billing
from bihuan.kernel.affairs.billing.types import Attempt, Channel, OrderId, Pay, taking_powers
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import Refused
from bihuan.scenes.school_fees.demo import MERCHANT
from bihuan.scenes.school_fees.queries import families_of


class UnableToPayFees(Refused):
    """There is nothing to pay, or it is somebody else's."""


def order_fees(taken: frozenset[int], *, scope: Scope, at: datetime) -> Attempt:
    """Take and leave voluntary items as ticked, and order all that is owed by all children.

    Raises:
        UnableToPayFees: nothing is owed.
        UnableToOrder: a fee is being paid already.
    """
    families = families_of(scope)
    with transaction.atomic():
        wanted = []
        for bill in billing.list_family_bills(families):
            for line in bill.lines:
                chosen = line.id in taken
                if line.voluntary and line.chosen != chosen:
                    billing.choose_line(line.id, chosen=chosen, families=families, at=at)
                now = replace(line, chosen=chosen) if line.voluntary else line
                if now.open_fen:
                    wanted.append(Pay(line.id, now.open_fen))
        if not wanted:
            raise UnableToPayFees("Nothing is owed now.")
        _order, attempt = billing.open_order(
            wanted,
            families=families,
            channel=Channel.WECHAT,
            merchant=MERCHANT,
            scope=scope,
            at=at,
        )
    return attempt


def cancel_payment(order_id: OrderId, *, scope: Scope, at: datetime) -> bool:
    """Cancel one's own unfinished payment: at the channel first, then here.

    Returns whether it was closed; one that was paid meanwhile, or whose channel gives no answer,
    is not. It talks with the channel, hence outside any transaction.

    Raises:
        UnableToFindOrder: somebody else's.
    """
    billing.get_order(order_id, families=families_of(scope))
    door = registry.system_scope("fees.cancel", taking_powers()).through(scope.origin)
    return billing.close_unpaid(order_id, scope=door, at=at)
