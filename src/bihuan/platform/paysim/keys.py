"""Keys of the simulated channels and of the merchant."""

from __future__ import annotations

import base64
import contextlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key and its public half, as PEM."""

    private: rsa.RSAPrivateKey

    @property
    def private_pem(self) -> str:
        """Return the private key as PKCS 8."""
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def public_pem(self) -> str:
        """Return the public key."""
        return (
            self.private.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )

    def sign(self, text: bytes) -> str:
        """Return a SHA-256 RSA signature in base64."""
        signed = self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signed).decode()


def make_pair(bits: int = 2048) -> Pair:
    """Return a fresh pair."""
    return Pair(rsa.generate_private_key(public_exponent=65537, key_size=bits))


def kept_pair(path: Path) -> Pair:
    """Return the pair kept at `path`; make it the first time. For demos: nothing guards it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as out:
            out.write(make_pair().private_pem)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Pair(key)
