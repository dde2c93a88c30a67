"""HTTP to the outside, to addresses that were looked at first.

Only https, or the loopback in the demo. A name is resolved once, every address behind it must be a
public one, and the connection goes to that very address: a name that changes its mind between the
look and the call gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from bihuan.platform.adapters.types import Body, UnableToReach, UnableToSend

TIMEOUT = 5.0
ANSWER_LONGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: the name for the certificate, the address for the wire."""

    host: str
    port: int
    ip: str
    path: str
    secure: bool


def look_at(url: str) -> Place:
    """Return where `url` leads.

    Raises:
        UnableToSend: it is no address that we may speak to.
        UnableToReach: its name is not known now.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnableToSend("this is no address") from error
    host = parts.hostname or ""
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.password:
        raise UnableToSend("an address begins with https:// and names a host")
    if any(ord(c) < 33 or ord(c) > 126 for c in url):
        raise UnableToSend("an address has no blanks or control characters")
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    ip = _resolve(host, port, secure=secure)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host, port, ip, path, secure)


def _resolve(host: str, port: int, *, secure: bool) -> str:
    try:
        found = {
            str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        }
    except (OSError, UnicodeError) as error:
        raise UnableToReach("the name of the host is not known") from error
    addresses = sorted(found)
    for address in addresses:
        _require_speakable(ipaddress.ip_address(address.split("%")[0]), secure=secure)
    return addresses[0]


def _require_speakable(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, *, secure: bool
) -> None:
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.is_loopback and settings.BIHUAN_LOOPBACK:
        return
    if not mapped.is_global or mapped.is_multicast:
        raise UnableToSend("the address lies inside a private network")
    if not secure:
        raise UnableToSend("only https leaves the house")


class _PinnedTLS(http.client.HTTPSConnection):
    """TLS to an address already looked at, with the certificate checked for the name."""

    def __init__(self, place: Place, context: ssl.SSLContext):
        super().__init__(place.host, place.port, timeout=TIMEOUT, context=context)
        self._place, self._tls = place, context

    def connect(self) -> None:
        """Connect to the address, not to the name."""
        raw = socket.create_connection((self._place.ip, self._place.port), TIMEOUT)
        self.sock = self._tls.wrap_socket(raw, server_hostname=self._place.host)


def ask(method: str, url: str, *, body: bytes = b"", headers: dict[str, str]) -> Body:
    """Send one request and return its JSON answer; an empty or other answer is an empty value.

    Raises:
        UnableToSend: the address is none we may speak to.
        UnableToReach: no answer in time, or one that says no.
    """
    place = look_at(url)
    connection: http.client.HTTPConnection
    if place.secure:
        connection = _PinnedTLS(place, ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(place.ip, place.port, timeout=TIMEOUT)
    named = {"Host": f"{place.host}:{place.port}", "User-Agent": "Bihuan", **headers}
    try:
        connection.request(method, place.path, body=body or None, headers=named)
        answer = connection.getresponse()
        text = answer.read(ANSWER_LONGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise UnableToReach(f"no answer: {type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise UnableToReach(f"the answer was {answer.status}")
    return _value(text)


def _value(text: bytes) -> Body:
    if len(text) > ANSWER_LONGEST:
        raise UnableToReach("the answer is longer than 1 MB")
    try:
        value = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
