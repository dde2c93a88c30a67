"""The school of the tests, refusals that leave nothing, and the proof of the books."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from bihuan.kernel.affairs.billing.models import (
    AttemptRow,
    BillRow,
    CreditRow,
    LineRow,
    NoticeRow,
    OrderRow,
    RefundRow,
)
from bihuan.kernel.affairs.billing.testing import (
    School,
    make_school,
)
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.tools.ledger import api as ledger

WATCHED = (BillRow, LineRow, OrderRow, AttemptRow, NoticeRow, CreditRow, RefundRow)


@pytest.fixture
def school(db: None) -> School:
    return make_school()


@contextlib.contextmanager
def refused(error: type[Exception], words: str | None = None) -> Iterator[None]:
    """Expect a refusal that leaves nothing behind."""
    before = [*(model.objects.count() for model in WATCHED), events.count_facts()]
    with pytest.raises(error, match=words), transaction.atomic():
        yield
    assert [*(model.objects.count() for model in WATCHED), events.count_facts()] == before


def balances(school: School) -> dict[str, int]:
    found = ledger.balances_of(school.settling.book.id)
    return {b.account.code: b.balance_fen for b in found if b.balance_fen}


def proven() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    assert all(found.sound for found in ledger.verify())
