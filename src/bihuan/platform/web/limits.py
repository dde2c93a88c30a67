"""So many tries in so much time, counted by the database and so by all processes together."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from bihuan.platform.web.errors import Refused


class TooMany(Refused):
    """Somebody tries too often; the words say when it goes on."""

    status = 429


_COUNT = """
    INSERT INTO web_try (key, began_at, n) VALUES (%s, %s, 1)
    ON CONFLICT (key, began_at) DO UPDATE SET n = web_try.n + 1 RETURNING n
"""


def count_try(what: str, key: str, *, most: int, span: timedelta, at: datetime) -> None:
    """Count one try of `what` by or for `key`, and refuse it when there were `most` already.

    Spans follow one another without overlap; the count is written at once and stays also when the
    request fails afterwards.

    Raises:
        TooMany: with the minutes until the next span.
    """
    seconds = int(span.total_seconds())
    began = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, (_hashed(what, key), began))
        tries = int(cursor.fetchone()[0])
    if tries > most:
        left = max(1, int(((began + span) - at).total_seconds() + 59) // 60)
        raise TooMany(
            "That was tried too often. Go on in %(minutes)s minutes, or call 12345.",
            code="too_often",
            minutes=left,
        )


def forget_tries(*, before: datetime) -> int:
    """Remove counts of spans that began before a moment; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM web_try WHERE began_at < %s", [before])
        return int(cursor.rowcount)


def address_of(request: HttpRequest) -> str:
    """Return the network address of a client, as the proxies in front of us tell it."""
    proxies = int(getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0) or 0)
    named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(named) >= proxies and named[-proxies]:
        return str(named[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


def _hashed(what: str, key: str) -> str:
    """Return what is stored instead of an address or a number: nobody reads it back."""
    secret = f"tries:{settings.SECRET_KEY}".encode()
    return hmac.new(secret, f"{what}:{key}".encode(), hashlib.sha256).hexdigest()
