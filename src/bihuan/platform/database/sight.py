"""What row security lets the open transaction see.

Tables that are guarded so show no row by default. A query says on whose behalf it looks; the
database forgets it with the transaction, so that nothing survives in a kept connection.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from django.db import connection, transaction

PEOPLE, COUNTY = "bihuan.people", "bihuan.county"
"""Settings of a transaction: ids of people, with commas; the county whose records are seen."""
EVERYWHERE = "*"

_sees: ContextVar[tuple[str, str]] = ContextVar("sees", default=("", ""))


@contextlib.contextmanager
def seeing(people: Iterable[object] = (), *, county: str = "") -> Iterator[None]:
    """Let the queries of the block see rows about `people` and those of `county`, and no others.

    Blocks may stand in one another; the inner one sees only its own. It costs a statement, or two
    inside a transaction that goes on: ask for it just before what is sensitive, not for every page.
    """
    wanted = (",".join(str(person) for person in people), county)
    before = _sees.get()
    with transaction.atomic():
        _tell(wanted)
        token = _sees.set(wanted)
        try:
            yield
        finally:
            _sees.reset(token)
        if not _ends_here():
            _tell(before)


def _ends_here() -> bool:
    """Return whether the transaction ends with this block, and with it what it may see."""
    return len(connection.atomic_blocks) == 1


def _tell(wanted: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true)",
            [PEOPLE, wanted[0], COUNTY, wanted[1]],
        )
