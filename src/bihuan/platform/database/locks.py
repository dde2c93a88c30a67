"""Locks by word, for what has no row of its own to lock."""

from __future__ import annotations

from django.db import connection


def lock_words(*words: str) -> None:
    """Let nobody else write about these words until the transaction ends; always in one order."""
    with connection.cursor() as cursor:
        for word in sorted(set(words)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3304))", [word])
