"""What a channel took and where it is to go: one statement for one payment or sixty thousand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bihuan.kernel.affairs.settlement import policies
from bihuan.kernel.affairs.settlement.types import MAY_EXPECT, Expected, IntakeId
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.database import prepared
from bihuan.platform.web.errors import Refused


class UnableToExpect(Refused):
    """The shares do not add up to the amount."""


EXPECT = """
WITH given AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(channels)s::text[],
                         %(days)s::date[], %(amounts)s::bigint[], %(references)s::text[])
        AS g(cause_kind, cause_key, channel, day, amount_fen, reference)
), taken AS (
    INSERT INTO settlement_intake
           (cause_kind, cause_key, channel, day, amount_fen, reference, at)
    SELECT cause_kind, cause_key, channel, day, amount_fen, reference, %(at)s::timestamptz
      FROM given
        ON CONFLICT (cause_kind, cause_key) DO NOTHING
    RETURNING id, cause_kind, cause_key
), lines AS (
    INSERT INTO settlement_line (intake_id, payee_id, route_id, amount_fen)
    SELECT taken.id, s.payee_id, s.route_id, s.amount_fen
      FROM unnest(%(line_kinds)s::text[], %(line_keys)s::text[], %(payees)s::uuid[],
                  %(routes)s::bigint[], %(line_amounts)s::bigint[])
        AS s(cause_kind, cause_key, payee_id, route_id, amount_fen)
      JOIN taken USING (cause_kind, cause_key)
)
SELECT id, cause_key FROM taken
"""


FEW = 20
"""Up to so many the statement is planned once a connection."""


def expect(items: Sequence[Expected], *, scope: Scope, at: datetime) -> dict[str, IntakeId]:
    """Write down what is to be cleared, all or none; a known cause is left as it stands.

    Returns the new intakes by the key of their cause. It records no fact: who took the payment
    does.

    Raises:
        NotAllowed: the scope may not.
        UnableToExpect: shares do not add up.
    """
    policies.require(scope, MAY_EXPECT)
    for item in items:
        if sum(share.amount_fen for share in item.shares) != item.amount_fen:
            raise UnableToExpect("The shares do not add up to the amount. Nothing was written.")
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        given = _columns(items, at)
        if len(items) <= FEW:
            prepared.run(cursor, "settlement_expect", EXPECT, given)
        else:
            cursor.execute(EXPECT, given)
        return {key: IntakeId(intake_id) for intake_id, key in cursor.fetchall()}


def _columns(items: Sequence[Expected], at: datetime) -> dict[str, Any]:
    lines = [(item.cause, share) for item in items for share in item.shares]
    return {
        "kinds": [item.cause.kind for item in items],
        "keys": [item.cause.key for item in items],
        "channels": [item.channel for item in items],
        "days": [item.day for item in items],
        "amounts": [item.amount_fen for item in items],
        "references": [item.reference for item in items],
        "at": at,
        "line_kinds": [cause.kind for cause, _share in lines],
        "line_keys": [cause.key for cause, _share in lines],
        "payees": [share.payee_id for _cause, share in lines],
        "routes": [share.route_id for _cause, share in lines],
        "line_amounts": [share.amount_fen for _cause, share in lines],
    }
