"""Pure reading and writing of a code's text: a few numbers and a signature, in one word."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """What a code's text claims: which code, which version, and when it was shown if dynamic."""

    code_id: int
    version: int
    shown_at: int = 0

    def data(self) -> bytes:
        """Return the bytes that are signed."""
        return f"{self.code_id}.{self.version}.{self.shown_at}".encode()


def write(claim: Claim, signature: bytes) -> str:
    """Return the text of a code."""
    return f"{claim.data().decode()}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def read(text: str) -> tuple[Claim, bytes] | None:
    """Return claim and signature of a text, or None when it is no code of ours."""
    parts = text.strip().split(".")
    if len(parts) != 4 or not all(part.isdecimal() and len(part) < 13 for part in parts[:3]):
        return None
    try:
        signature = base64.urlsafe_b64decode(parts[3] + "=" * (-len(parts[3]) % 4))
    except (binascii.Error, ValueError):
        return None
    claim = Claim(*(int(part) for part in parts[:3]))
    canonical = write(claim, signature) == text.strip()
    return (claim, signature) if canonical else None
