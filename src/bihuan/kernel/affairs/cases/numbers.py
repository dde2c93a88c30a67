"""Numbers and receipt codes of matters."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings
from django.db import connection

from bihuan.platform import clock
from bihuan.platform.database import prepared

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that an elder cannot confuse when reading them aloud."""

LETTERS = {
    "330402": "NH",
    "330411": "XZ",
    "330421": "JS",
    "330424": "HY",
    "330481": "HN",
    "330482": "PH",
    "330483": "TX",
}
"""The letters with which the numbers of each county begin; the city itself writes JX."""


_DRAW = "SELECT nextval('cases_number_seq'), nextval('cases_case_id_seq')"


def next_numbers(county: str, at: datetime, count: int = 1) -> list[str]:
    """Return `count` fresh numbers like ``HY-2606-01902``; gaps may happen, repeats may not."""
    return [number_of(county, at, serial) for serial in next_serials(count)]


def next_serials(count: int) -> list[int]:
    """Return `count` fresh serials, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def next_number_and_key(county: str, at: datetime) -> tuple[str, int]:
    """Return a fresh number and the key of its matter's row, drawn together."""
    with connection.cursor() as cursor:
        prepared.execute(cursor, _DRAW, [])
        serial, key = cursor.fetchone()
    return number_of(county, at, serial), key


def number_of(county: str, at: datetime, serial: int) -> str:
    """Return the number that a serial makes for a matter raised in a county at a moment."""
    return f"{LETTERS.get(county, 'JX')}-{clock.business_date(at):%y%m}-{serial:05d}"


def new_salt() -> str:
    """Return fresh randomness for one matter's receipt code."""
    return secrets.token_hex(16)


def receipt_code(number: str, salt: str) -> str:
    """Return the eight letters with which who raised a matter finds it without an account.

    It is computed from randomness kept with the matter and the installation's secret, so that a
    repeated command gives the same code and a copy of the table alone gives none.
    """
    key = f"receipt:{settings.SECRET_KEY}".encode()
    digest = hmac.new(key, f"{number}:{salt}".encode(), hashlib.sha256).digest()
    value = int.from_bytes(digest[:10], "big")
    letters = []
    for _ in range(8):
        value, index = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def same_code(given: str, number: str, salt: str) -> bool:
    """Return whether `given` is the receipt code, however it was typed, in constant time."""
    cleaned = "".join(given.upper().split()).replace("-", "")
    return hmac.compare_digest(cleaned.encode(), receipt_code(number, salt).encode())
