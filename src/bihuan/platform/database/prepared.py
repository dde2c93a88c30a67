"""Hot statements that the server plans once a connection, and not each time.

Django binds on the client and prepares nothing. For the few statements that run thousands of
times a minute this helper keeps a prepared one for each connection; a rollback does not undo it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

PLACE = re.compile(r"%\((\w+)\)s")
MOST = 300
"""Statements kept prepared on one connection; past it they are all let go and prepared anew."""
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@lru_cache(maxsize=64)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with numbered places, and the names in their order."""
    names = tuple(dict.fromkeys(PLACE.findall(statement)))
    order = {name: n for n, name in enumerate(names, start=1)}
    return PLACE.sub(lambda found: f"${order[found[1]]}", statement), names


@lru_cache(maxsize=1024)
def _named(statement: str, count: int) -> tuple[str, str]:
    """Return a name made from the statement itself, and how to call it."""
    name = f"own_{hashlib.sha256(statement.encode()).hexdigest()[:20]}"
    return name, f"EXECUTE {name} ({', '.join(['%s'] * count)})" if count else f"EXECUTE {name}"


def run(cursor: CursorWrapper, name: str, statement: str, given: Mapping[str, Any]) -> None:
    """Execute a statement that is prepared under `name`; places are written ``%(word)s``.

    Each place needs a type that the statement itself gives (a cast, or a column beside it).
    """
    text, names = _numbered(statement)
    _prepare(cursor, name, text)
    places = ", ".join(["%s"] * len(names))
    cursor.execute(f"EXECUTE {name} ({places})", [given[word] for word in names])


def execute(cursor: CursorWrapper, statement: str, given: Sequence[Any]) -> None:
    """Execute a statement that is prepared under a name of its own; places are ``$1``, ``$2`` …"""
    name, call = _named(statement, len(given))
    _prepare(cursor, name, statement)
    cursor.execute(call, given or None)


def _prepare(cursor: CursorWrapper, name: str, statement: str) -> None:
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, set())
    if name in known:
        return
    if len(known) >= MOST:
        cursor.execute("DEALLOCATE ALL", None)
        known.clear()
    cursor.execute(f"PREPARE {name} AS {statement}", None)
    known.add(name)
