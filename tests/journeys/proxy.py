"""A line to the server that can really be cut: a browser's offline switch misses service workers.

It passes bytes on. `cut` stops listening and closes every connection, `mend` listens again on the
same port. `cut_at` cuts by itself at a chosen moment of a chosen request, once.
"""

from __future__ import annotations

import contextlib
import enum
import re
import socket
import threading
from dataclasses import dataclass, field


class Moment(enum.Enum):
    """When a request loses its line."""

    BEFORE = "before a byte of it reached the centre"
    WITHIN = "in the middle of its body"
    AFTER = "after the centre has acted, before the answer reached the phone"


@dataclass
class Line:
    """The line between a phone and the server at `target`."""

    target: tuple[str, int]
    port: int = 0
    cuts: int = 0
    _listener: socket.socket | None = None
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _wish: tuple[re.Pattern[bytes], Moment] | None = None

    @property
    def url(self) -> str:
        """Return the address that the phone uses."""
        return f"http://localhost:{self.port}"

    def mend(self) -> None:
        """Listen; on the same port as before."""
        with self._lock:
            if self._listener is not None:
                return
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", self.port))
            listener.listen(64)
            self.port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Stop listening and close what is open."""
        with self._lock:
            self.cuts += 1
            if self._listener is not None:
                # A thread that sleeps in accept() keeps the port; shutdown wakes it.
                with contextlib.suppress(OSError):
                    self._listener.shutdown(socket.SHUT_RDWR)
                self._listener.close()
            self._listener = None
            for one in list(self._open):
                _close(one)
            self._open.clear()

    def cut_at(self, request: str, moment: Moment) -> None:
        """Cut once, at `moment` of the next request that begins with the pattern `request`."""
        self._wish = (re.compile(request.encode()), moment)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                phone, _address = listener.accept()
                centre = socket.create_connection(self.target)
            except OSError:
                return
            with self._lock:
                if self._listener is not listener:
                    _close(phone)
                    _close(centre)
                    return
                self._open |= {phone, centre}
            drop = threading.Event()
            for work in (self._upward, self._downward):
                threading.Thread(target=work, args=(phone, centre, drop), daemon=True).start()

    def _upward(self, phone: socket.socket, centre: socket.socket, drop: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while chunk := phone.recv(65536):
                moment = self._matching(chunk)
                if moment is Moment.BEFORE:
                    return self.cut()
                if moment is Moment.WITHIN:
                    head, _gap, body = chunk.partition(b"\r\n\r\n")
                    body = body or phone.recv(65536)
                    centre.sendall(head + b"\r\n\r\n" + body[: len(body) // 2])
                    return self.cut()
                if moment is Moment.AFTER:
                    drop.set()
                # A browser sends a lost request again at once, by any connection that still stands:
                # none of them may carry it while the line is being cut.
                with self._lock:
                    if self._listener is None:
                        break
                    centre.sendall(chunk)
        self._end(phone, centre)
        return None

    def _downward(self, phone: socket.socket, centre: socket.socket, drop: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while chunk := centre.recv(65536):
                if drop.is_set():
                    return self.cut()
                phone.sendall(chunk)
        self._end(phone, centre)
        return None

    def _matching(self, chunk: bytes) -> Moment | None:
        if self._wish is None or not self._wish[0].match(chunk):
            return None
        moment, self._wish = self._wish[1], None
        return moment

    def _end(self, *ends: socket.socket) -> None:
        with self._lock:
            self._open -= set(ends)
        for one in ends:
            _close(one)


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
