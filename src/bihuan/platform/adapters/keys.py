"""Keys of machines: made once, shown once, counted, revoked at once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from bihuan.platform.adapters import signing
from bihuan.platform.adapters.models import ApiKey, Window
from bihuan.platform.adapters.types import Key, MadeKey
from bihuan.platform.web.errors import NotFound, Refused

MARK = "bh"
LONGEST = timedelta(days=731)


class UnableToEnter(Refused):
    """The key opens nothing. Unknown, ended and revoked sound the same."""

    status = 401


class TooOften(Refused):
    """The asker comes too often; `seconds` says when to come again."""

    status = 429

    def __init__(self, *, seconds: int):
        super().__init__("Too many requests. Come again in a minute, please.", code="too_often")
        self.seconds = seconds


class UnableToMakeKey(Refused):
    """What was asked for makes no key."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made."""

    title: str
    powers: tuple[str, ...]
    areas: tuple[str, ...]
    county: str
    expires_at: datetime
    per_minute: int
    system: str = ""


def make_key(new: NewKey, *, made_by: int | None, at: datetime) -> MadeKey:
    """Make a key and return it with its token, for the only time.

    Raises:
        UnableToMakeKey: title, powers, areas, end or rate do not hold.
    """
    if not new.title.strip():
        raise UnableToMakeKey("Say which machine uses this key.", field="title")
    if not new.powers or not new.areas:
        raise UnableToMakeKey("Choose what it may do, and where.", field="powers")
    if not at < new.expires_at <= at + LONGEST:
        raise UnableToMakeKey("A key ends on a day to come, within two years.", field="expires")
    if not 1 <= new.per_minute <= 6000:
        raise UnableToMakeKey("Between 1 and 6,000 requests a minute.", field="per_minute")
    prefix, rest, secret = secrets.token_hex(4), secrets.token_urlsafe(32), signing.new_secret()
    token = f"{MARK}_{prefix}_{rest}"
    row = ApiKey.objects.create(
        title=new.title.strip()[:80],
        prefix=prefix,
        digest=_digest(token),
        secret=secret,
        system=new.system,
        powers=list(new.powers),
        areas=list(new.areas),
        county=new.county,
        per_minute=new.per_minute,
        made_by=made_by,
        made_at=at,
        expires_at=new.expires_at,
    )
    return MadeKey(to_key(row), token, secret)


def revoke_key(key_id: UUID, *, at: datetime) -> Key:
    """End a key for good; the next request with it is turned away. Safe to repeat.

    Raises:
        NotFound: there is none.
    """
    ApiKey.objects.filter(pk=key_id, revoked_at__isnull=True).update(revoked_at=at)
    row = ApiKey.objects.filter(pk=key_id).first()
    if row is None:
        raise NotFound("There is no such key.")
    return to_key(row)


def enter(token: str, *, at: datetime) -> Key:
    """Return the key that a token opens, and count the visit.

    Raises:
        UnableToEnter: it opens nothing.
        TooOften: it came more often than its rate this minute.
    """
    parts = token.split("_", 2)
    row = None
    if len(parts) == 3 and parts[0] == MARK and parts[1].isalnum() and len(token) < 100:
        row = ApiKey.objects.filter(prefix=parts[1]).first()
    if row is None or not hmac.compare_digest(row.digest, _digest(token)):
        raise UnableToEnter("This key is not known here.", code="no_key")
    if not to_key(row).stands(at):
        raise UnableToEnter("This key is not known here.", code="no_key")
    count_visit(row.prefix, most=row.per_minute, at=at)
    ApiKey.objects.filter(pk=row.pk).update(last_used_at=at)
    return to_key(row)


_COUNT = """
    INSERT INTO adapters_window (asker, minute, count) VALUES (%s, %s, 1)
    ON CONFLICT (asker, minute) DO UPDATE SET count = adapters_window.count + 1 RETURNING count
"""


def count_visit(asker: str, *, most: int, at: datetime) -> None:
    """Count one visit of this minute, the same for all processes.

    Raises:
        TooOften: more than `most`.
    """
    minute = at.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, (asker, minute))
        (count,) = cursor.fetchone()
    if count > most:
        raise TooOften(seconds=60 - at.second)


def forget_visits(*, at: datetime) -> None:
    """Remove the counts of past hours."""
    Window.objects.filter(minute__lt=at - timedelta(hours=1)).delete()


def secret_of(key_id: UUID) -> str:
    """Return a key's signing secret."""
    return str(ApiKey.objects.get(pk=key_id).secret.open())


def secret_of_system(system: str, *, at: datetime) -> str:
    """Return the signing secret of the newest standing key of a system; empty without one."""
    rows = ApiKey.objects.filter(system=system, revoked_at__isnull=True, expires_at__gt=at)
    row = rows.order_by("-made_at").first()
    return str(row.secret.open()) if row is not None else ""


def list_keys() -> tuple[Key, ...]:
    """Return all keys, living ones first, the newest first."""
    rows = ApiKey.objects.order_by("-revoked_at", "-made_at")[:500]
    return tuple(to_key(row) for row in rows)


def find_key(key_id: UUID) -> Key | None:
    """Return a key, or None."""
    row = ApiKey.objects.filter(pk=key_id).first()
    return to_key(row) if row else None


def to_key(row: ApiKey) -> Key:
    """Return the row as a value without its secrets."""
    return Key(
        id=row.pk,
        title=row.title,
        prefix=row.prefix,
        system=row.system,
        powers=tuple(row.powers),
        areas=tuple(row.areas),
        county=row.county,
        per_minute=row.per_minute,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
