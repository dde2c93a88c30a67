"""Transactions inside transactions, without a savepoint where nothing could be saved.

A write that came in under a command's id is kept or undone as one (``whole``). An operation inside
(``part``) that refuses lets all of it fall, so a savepoint would cost two journeys for nothing.
Whoever wants to go on after a refusal opens ``transaction.atomic()`` himself: operations inside it
take savepoints as ever. Outside of a whole, too, ``part`` is ``transaction.atomic()``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


class _Level(threading.local):
    blocks = 0
    """How many blocks were open where the innermost whole, or a part joined to it, began."""


_level = _Level()


@contextmanager
def whole() -> Iterator[None]:
    """Begin what is kept or undone as one."""
    with transaction.atomic(), _joined():
        yield


@contextmanager
def part() -> Iterator[None]:
    """Join the whole around it if nothing stands between; else begin a block of its own."""
    if not _level.blocks or _level.blocks != len(connection.atomic_blocks):
        with transaction.atomic():
            yield
        return
    with transaction.atomic(savepoint=False), _joined():
        yield


@contextmanager
def _joined() -> Iterator[None]:
    before, _level.blocks = _level.blocks, len(connection.atomic_blocks)
    try:
        yield
    finally:
        _level.blocks = before
