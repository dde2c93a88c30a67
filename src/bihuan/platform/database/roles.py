"""Two roles: an owner that migrates, and a run-time role that owns nothing."""

from __future__ import annotations

import psycopg
from psycopg import sql

OWNER, RUNTIME = "bihuan_owner", "bihuan_app"
NEVER_CHANGED = """
    SELECT tgrelid::regclass::text FROM pg_trigger
     WHERE tgname LIKE 'pgtrigger_append_only_%' AND NOT tgisinternal
"""
DEFAULT = "ALTER DEFAULT PRIVILEGES IN SCHEMA public"


def make_roles(admin_url: str, database: str) -> None:
    """Make the database and both roles, once; the run-time role may use tables, not change them."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for role in (OWNER, RUNTIME):
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if not known.fetchone():
            statement = "CREATE DATABASE {} OWNER {}"
            admin.execute(
                sql.SQL(statement).format(sql.Identifier(database), sql.Identifier(OWNER))
            )


def grant_runtime(owner_url: str, *, role: str = RUNTIME) -> None:
    """Let the run-time role use what the owner has made and will make; nothing of it is its own."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
            f"{DEFAULT} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{}}",
            f"{DEFAULT} GRANT USAGE, SELECT ON SEQUENCES TO {{}}",
        ):
            owner.execute(sql.SQL(statement).format(sql.Identifier(role)))
        for (table,) in owner.execute(NEVER_CHANGED).fetchall():  # a trigger refuses too: two walls
            statement = "REVOKE UPDATE, DELETE ON {} FROM {}"
            owner.execute(sql.SQL(statement).format(sql.Identifier(table), sql.Identifier(role)))
