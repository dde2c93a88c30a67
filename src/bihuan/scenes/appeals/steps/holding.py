"""Holding a receipt: the code stays in the browser's session and stands in no address.

An address reaches logs, histories and whoever borrows the phone next.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.stage.api import StepRequest
from bihuan.platform import clock
from bihuan.platform.web import limits

KEY = "receipts"
MOST_HELD = 20


def hold(request: StepRequest, number: str, code: str) -> None:
    """Remember in this session that its reader holds the receipt of a matter."""
    receipts = dict(request.session.get(KEY, {}))
    receipts.pop(number, None)
    receipts[number] = "".join(code.split()).upper()
    request.session[KEY] = dict(list(receipts.items())[-MOST_HELD:])


def held(request: StepRequest, number: str) -> str:
    """Return the code that this session holds for a matter, or nothing."""
    return str(request.session.get(KEY, {}).get(number.strip().upper(), ""))


def _rule(at: datetime) -> dict[str, Any]:
    found = standards.get_standard("appeals.receipt_tries", on=clock.business_date(at))
    return dict(found.value)


def count_guess(request: StepRequest, number: str) -> None:
    """Count one try at a receipt, by the address that tries and for the matter that is tried.

    Raises:
        TooMany: the standard's limit is reached.
    """
    rule = _rule(request.at)
    span = timedelta(minutes=int(rule["minutes"]))
    address = limits.address_of(request)
    limits.count_try(
        "receipt.address", address, most=int(rule["address"]), span=span, at=request.at
    )
    limits.count_try("receipt.number", number, most=int(rule["number"]), span=span, at=request.at)
