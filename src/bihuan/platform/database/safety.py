"""What a real installation refuses: a database that forgets, a role that may do too much."""

from __future__ import annotations

import time

from django.db import OperationalError, connection

WAIT = 30.0
"""Seconds in which the database may still be starting."""
LASTING = ("fsync", "full_page_writes", "synchronous_commit")


class UnableToServe(RuntimeError):
    """The database would lose what it acknowledged, or our role is too strong."""


def faults() -> list[str]:
    """Return what is wrong with the database behind the default connection, in words to act on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(LASTING)]
        )
        found = [f"{name} is off: switch it on in postgresql.conf" for (name,) in cursor.fetchall()]
        cursor.execute("SELECT rolsuper, rolname FROM pg_roles WHERE rolname = current_user")
        is_super, role = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
            " AND relkind IN ('r', 'p', 'v', 'S')"
        )
        (owned,) = cursor.fetchone()
    if is_super:
        found.append(f"the role {role} is a superuser: serve as a role that owns nothing")
    if owned:
        found.append(f"the role {role} owns {owned} tables: serve as a role that owns nothing")
    return found


def require_safe_database() -> None:
    """Return when the database keeps what it acknowledges and our role owns nothing.

    Raises:
        UnableToServe: with every reason at once.
    """
    deadline = time.monotonic() + WAIT
    while True:
        try:
            found = faults()
            break
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
    connection.close()
    if found:
        raise UnableToServe("Bihuan does not start: " + "; ".join(found) + ".")
