"""The world outside, played on the loopback: an address that is told things, a provider.

It keeps each key once, as both sides agree, and counts how often it was asked. It can be slow, and
it can be down.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bihuan.kernel.tools.notices.types import AddressKind, ChannelName, Message, Receipt


class Outside:
    """One server for hooks (`/told`) and messages (`/sms`)."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        self.effects: dict[tuple[str, str], int] = {}
        """Each key once, with its place in the order of arrival."""
        self.is_down = False
        self.refused = 0
        self.slow = 0.0
        self.lock = threading.Lock()
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                key = self.headers.get("webhook-id") or json.loads(body)["key"]
                self.send_response(outside.take(self.path, key))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path: str, key: str) -> int:
        """Take one message and return the status that is answered."""
        time.sleep(self.slow)
        with self.lock:
            if self.is_down:
                self.refused += 1
                return 503
            self.asked[path, key] += 1
            self.effects.setdefault((path, key), len(self.effects))
        return 200

    def seen(self) -> int:
        """Return how often it was asked at all."""
        with self.lock:
            return sum(self.asked.values()) + self.refused

    def keys(self, path: str) -> set[str]:
        """Return the keys that had their effect."""
        return {key for at, key in self.effects if at == path}

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()


class HttpChannel:
    """A way out for notices: one POST to the address in BIHUAN_TRUST_OUTSIDE."""

    def __init__(self, name: ChannelName) -> None:
        self.name = name
        self.address = AddressKind.PHONE
        self.is_public = True

    def send(self, message: Message) -> Receipt:
        """Send, and raise when it was not taken."""
        import os

        request = urllib.request.Request(
            os.environ["BIHUAN_TRUST_OUTSIDE"] + "/sms",
            data=json.dumps({"key": message.key, "text": message.text}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5):
            return Receipt(provider_id=f"outside:{message.key}", has_arrived=True)
