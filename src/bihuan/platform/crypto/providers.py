"""The algorithms behind one small protocol, so that a hardware module can take their place."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed_hash
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TAG_BYTES = 16


class UnableToUnseal(ValueError):
    """A sealed value was changed, moved to another place, or sealed with a key that is gone."""


class Sealer(Protocol):
    """Authenticated encryption with associated data."""

    secret_bytes: int

    def seal(self, secret: bytes, nonce: bytes, clear: bytes, place: bytes) -> bytes:
        """Return ciphertext and tag of `clear`, bound to `place`."""

    def unseal(self, secret: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
        """Return the clear bytes, or raise UnableToUnseal."""


class Indexer(Protocol):
    """A keyed hash for looking up equal values without opening them."""

    secret_bytes: int

    def digest(self, secret: bytes, data: bytes) -> bytes:
        """Return 32 bytes."""


class AesGcm:
    """AES-256 in Galois counter mode."""

    secret_bytes = 32

    def seal(self, secret: bytes, nonce: bytes, clear: bytes, place: bytes) -> bytes:
        """Return ciphertext and tag."""
        return AESGCM(secret).encrypt(nonce, clear, place)

    def unseal(self, secret: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
        """Return the clear bytes."""
        try:
            return AESGCM(secret).decrypt(nonce, sealed, place)
        except InvalidTag as error:
            raise UnableToUnseal("this value was changed or does not belong here") from error


class Sm4Gcm:
    """SM4 (GB/T 32907) in Galois counter mode, in software; certification needs a module."""

    secret_bytes = 16

    def seal(self, secret: bytes, nonce: bytes, clear: bytes, place: bytes) -> bytes:
        """Return ciphertext and tag."""
        worker = Cipher(algorithms.SM4(secret), modes.GCM(nonce)).encryptor()
        worker.authenticate_additional_data(place)
        return worker.update(clear) + worker.finalize() + worker.tag

    def unseal(self, secret: bytes, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
        """Return the clear bytes."""
        body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        try:
            worker = Cipher(algorithms.SM4(secret), modes.GCM(nonce, tag)).decryptor()
            worker.authenticate_additional_data(place)
            return worker.update(body) + worker.finalize()
        except (InvalidTag, ValueError) as error:
            raise UnableToUnseal("this value was changed or does not belong here") from error


class HmacSha256:
    """HMAC with SHA-256."""

    secret_bytes = 32

    def digest(self, secret: bytes, data: bytes) -> bytes:
        """Return 32 bytes."""
        return hmac.digest(secret, data, "sha256")


class HmacSm3:
    """HMAC with SM3 (GB/T 32905)."""

    secret_bytes = 32

    def digest(self, secret: bytes, data: bytes) -> bytes:
        """Return 32 bytes."""
        worker = keyed_hash.HMAC(secret, hashes.SM3())
        worker.update(data)
        return worker.finalize()


SEALERS: Mapping[str, Sealer] = {"aes-256-gcm": AesGcm(), "sm4-gcm": Sm4Gcm()}
INDEXERS: Mapping[str, Indexer] = {"hmac-sha-256": HmacSha256(), "hmac-sm3": HmacSm3()}
