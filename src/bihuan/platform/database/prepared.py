"""Hot statements that the server plans once a connection, and not each time.

Django binds on the client and prepares nothing. For the few statements that run thousands of
times a minute this helper keeps a prepared one for each connection; a rollback does not undo it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

PLACE = re.compile(r"%\((\w+)\)s")
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@lru_cache(maxsize=64)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with numbered places, and the names in their order."""
    names = tuple(dict.fromkeys(PLACE.findall(statement)))
    order = {name: n for n, name in enumerate(names, start=1)}
    return PLACE.sub(lambda found: f"${order[found[1]]}", statement), names


def run(cursor: CursorWrapper, name: str, statement: str, given: Mapping[str, Any]) -> None:
    """Execute a statement that is prepared under `name`; places are written ``%(word)s``.

    Each place needs a type that the statement itself gives (a cast, or a column beside it).
    """
    text, names = _numbered(statement)
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, set())
    if name not in known:
        cursor.execute(f"PREPARE {name} AS {text}", None)
        known.add(name)
    places = ", ".join(["%s"] * len(names))
    cursor.execute(f"EXECUTE {name} ({places})", [given[word] for word in names])
