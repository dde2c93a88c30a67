"""Sealing a text for one place, and the blind index that finds it again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bihuan.platform.crypto import keys
from bihuan.platform.crypto.providers import INDEXERS, SEALERS, UnableToUnseal

FORMAT = 1
NONCE_BYTES = 12
_HEAD = 3
"""One byte for the format, two for the key's number."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs: table, column and the row's own random id."""

    table: str
    column: str
    row: str

    def associated_data(self) -> bytes:
        """Return the place as bytes that no two places share."""
        parts = [part.encode() for part in (self.table, self.column, self.row)]
        return b"".join(len(part).to_bytes(2) + part for part in parts)


def seal(text: str, place: Place) -> bytes:
    """Return `text` sealed with the current key for `place`."""
    key = keys.ring().current(keys.Use.FIELD)
    head = bytes([FORMAT]) + key.number.to_bytes(2)
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = head + place.associated_data()
    return head + nonce + SEALERS[key.algorithm].seal(key.secret, nonce, text.encode(), bound)


def unseal(sealed: bytes, place: Place) -> str:
    """Return the text that was sealed for `place`.

    Raises:
        UnableToUnseal: it was changed, moved, or its key is gone.
    """
    number = key_number(sealed)
    key = keys.ring().find(keys.Use.FIELD, number)
    if key is None:
        raise UnableToUnseal(f"key {number} is not in the folder of keys")
    head, rest = sealed[:_HEAD], sealed[_HEAD:]
    nonce, body = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    bound = head + place.associated_data()
    return SEALERS[key.algorithm].unseal(key.secret, nonce, body, bound).decode()


def key_number(sealed: bytes) -> int:
    """Return the number of the key that `sealed` needs."""
    if len(sealed) < _HEAD + NONCE_BYTES or sealed[0] != FORMAT:
        raise UnableToUnseal("this is not a sealed value")
    return int.from_bytes(sealed[1:_HEAD])


def is_old(sealed: bytes) -> bool:
    """Return whether `sealed` waits to be sealed again with the current key."""
    return key_number(sealed) != keys.ring().current(keys.Use.FIELD).number


def blind_index(text: str, *, about: str) -> bytes:
    """Return 32 bytes that are equal for equal `text`, and tell nothing without the key.

    `about` names the column ("registry.person.phone"), so that two columns share no value.
    """
    return _blind_index(keys.ring().current(keys.Use.INDEX), text, about)


def blind_indexes(text: str, *, about: str) -> list[bytes]:
    """Return the index under every key, newest first: for look-ups while a key is replaced."""
    return [_blind_index(key, text, about) for key in keys.ring().all(keys.Use.INDEX)]


def _blind_index(key: keys.Key, text: str, about: str) -> bytes:
    data = b"".join(len(part).to_bytes(4) + part for part in (about.encode(), text.encode()))
    return INDEXERS[key.algorithm].digest(key.secret, data)
