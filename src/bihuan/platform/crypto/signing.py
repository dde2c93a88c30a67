"""Signatures for codes and checkpoints: Ed25519, with the key's number beside them."""

from __future__ import annotations

import functools

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bihuan.platform.crypto import keys

SIGNATURE_BYTES = 64


def sign(data: bytes, *, purpose: str) -> bytes:
    """Return the key's number (2 bytes) and the signature (64) of `data` for `purpose`.

    A signature for one purpose ("code", "certificate") is worthless for another.
    """
    key = keys.ring().current(keys.Use.SIGNING)
    return key.number.to_bytes(2) + _private(key.secret).sign(_bound(data, purpose))


def is_signed(data: bytes, signature: bytes, *, purpose: str) -> bool:
    """Return whether `signature` is ours, of exactly `data`, for exactly `purpose`."""
    if len(signature) != 2 + SIGNATURE_BYTES:
        return False
    key = keys.ring().find(keys.Use.SIGNING, int.from_bytes(signature[:2]))
    if key is None:
        return False
    try:
        _private(key.secret).public_key().verify(signature[2:], _bound(data, purpose))
    except InvalidSignature:
        return False
    return True


def public_keys() -> dict[int, bytes]:
    """Return the 32 bytes of each public key by number, so that others can check by themselves."""
    return {
        key.number: _private(key.secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        for key in keys.ring().all(keys.Use.SIGNING)
    }


@functools.lru_cache(maxsize=8)
def _private(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret)


def _bound(data: bytes, purpose: str) -> bytes:
    name = f"bihuan.{purpose}".encode()
    return len(name).to_bytes(2) + name + data
