"""The one place where billing touches the network; tests and the demo put something else here."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Protocol

from bihuan.kernel.affairs.billing.kinds import Unreachable

SECONDS = 5
Reply = tuple[int, dict[str, str], bytes]


class Transport(Protocol):
    """Send a request, return status, headers, body."""

    def __call__(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Send it.

        Raises:
            Unreachable: no answer in time.
        """
        ...


def over_the_net(method: str, url: str, headers: dict[str, str], body: bytes) -> Reply:
    """Send over HTTPS; anything but an answer is `Unreachable`."""
    if not url.startswith("https://"):
        raise Unreachable("a channel is asked over HTTPS only")
    request = urllib.request.Request(url, body or None, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310
            return reply.status, dict(reply.headers.items()), reply.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers.items()), error.read()
    except OSError as error:
        raise Unreachable(str(error)) from error
