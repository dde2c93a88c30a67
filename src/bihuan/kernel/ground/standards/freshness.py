"""A changed rule is seen by the next request of every process, at the cost of no statement.

Rules are kept in each process. Whoever writes one makes the database say so (a trigger, so that no
way of writing can forget it), and every connection listens: the word arrives with the answer to
whatever that connection asks next, before a request has read its first rule. Where a pooler lies
between and eats the word, a rule is read again after a minute at the latest.
"""

from __future__ import annotations

from typing import Any

import psycopg

from bihuan.kernel.ground.standards import queries

CHANNEL = "bihuan_standards"


def listen(connection: Any, **_: object) -> None:
    """Listen on a connection that was just made."""
    raw = connection.connection
    if not isinstance(raw, psycopg.Connection) or not raw.autocommit:
        return
    raw.add_notify_handler(_heard)
    raw.execute(f"LISTEN {CHANNEL}")


def _heard(notify: psycopg.Notify) -> None:
    if notify.channel == CHANNEL:
        queries.forget()
