"""The outside provider (OpenID Connect) as the settings name it; the database holds none of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NEEDED = ("id", "name", "issuer", "client", "secret")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who else may say who somebody is."""

    id: str
    name: str
    issuer: str
    client: str
    secret: str
    origins: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return what links are kept under: another issuer never inherits them."""
        return f"{self.id}-{hashlib.sha256(self.issuer.encode()).hexdigest()[:12]}"


def read(given: Mapping[str, str]) -> Provider | None:
    """Return the provider, or None when none is set up.

    Raises:
        ImproperlyConfigured: it is set up by halves, or an address is not encrypted.
    """
    lacking = [f"BIHUAN_OIDC_{name.upper()}" for name in NEEDED if not given.get(name)]
    if len(lacking) == len(NEEDED):
        return None
    if lacking:
        raise ImproperlyConfigured(f"sign-in elsewhere: {', '.join(lacking)} is not set")
    origins = tuple(given.get("origins", "").split()) or (origin_of(given["issuer"]),)
    for address in (given["issuer"], *origins):
        if not is_safe(address):
            raise ImproperlyConfigured(f"sign-in elsewhere: {address!r} is no https address")
    if any(origin != origin_of(origin) for origin in origins):
        raise ImproperlyConfigured("sign-in elsewhere: BIHUAN_OIDC_ORIGINS are scheme and host")
    return Provider(**{name: given[name] for name in NEEDED}, origins=origins)


def current() -> Provider | None:
    """Return the provider of this installation, or None."""
    return read(settings.BIHUAN_OIDC)


def origin_of(address: str) -> str:
    """Return scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_safe(address: str) -> bool:
    """Return whether the address is encrypted, or this very machine where that is allowed."""
    parts = urlsplit(address)
    if not parts.hostname or any(sign in address for sign in " ;,'\""):
        return False
    local = settings.BIHUAN_LOOPBACK and parts.hostname in LOOPBACK
    return parts.scheme == "https" or (local and parts.scheme == "http")
