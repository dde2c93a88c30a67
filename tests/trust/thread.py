"""People at their devices: they walk matters through the real thread over HTTP.

Each makes the id of a command before sending it, sends it again with the same id until it is
answered, and writes down what it was told.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.trust.harness import Town
from tests.trust.walks import Act, Walk

TOKEN = "k" * 32
PATIENCE = 90.0
"""Seconds after which a command that never gets an answer counts as stuck."""


@dataclass(slots=True)
class Command:
    """One write: its id, and what its sender was told."""

    id: str
    name: str
    status: int = 0
    location: str = ""
    kill: int = -1
    """How many kills had happened when the answer came."""


@dataclass(slots=True)
class Told:
    """What all people together were told."""

    commands: list[Command] = field(default_factory=list)
    replays: int = 0
    different: list[str] = field(default_factory=list)
    """Replayed answers that were not the first answer."""
    mismatches: int = 0
    """Commands whose id was sent again with something changed."""
    taken_otherwise: list[str] = field(default_factory=list)
    """Of them those that were not answered 422."""
    broken: list[tuple[str, int, int]] = field(default_factory=list)
    """Steps that were refused although they were next, with status and number of kills."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> list[Command]:
        """Return the commands whose senders were told "done"."""
        return [c for c in self.commands if c.status == 303]


def _multipart(fields: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    mark = "bihuan-boundary"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
    parts += [head.encode(), b"Content-Type: image/jpeg\r\n\r\n", photo, b"\r\n"]
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


class Person(threading.Thread):
    """One device: it walks one matter after the other until it is told to stop."""

    def __init__(self, town: Town, made: dict[str, Any], told: Told, seed: str, lossy: float):
        super().__init__(daemon=True)
        self.town, self.made, self.told, self.lossy = town, made, told, lossy
        self.dice = random.Random(seed)
        self.most_faults = 10_000
        """After so many error pages in a row a command counts as stuck; controls set it low."""
        self.earlier: dict[str, str] = {}
        """Where a command of this name was sent the last time."""
        self.stopping = threading.Event()

    def run(self) -> None:
        """Walk matters."""
        while not self.stopping.is_set():
            self._walk()

    # -- the thread --------------------------------------------------------------------------

    def _walk(self) -> None:
        walk = Walk(self._find, self.dice, self.made["leads"])
        try:
            for act in walk.steps():
                if self.stopping.is_set() or not self._do(act):
                    return
                walk.told = self.told_last
        except LookupError as error:
            with self.told.lock:
                self.told.broken.append((f"page {error}", 404, self.town.kills))

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    def _find(self, who: str, path: str, pattern: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status, _location, text = self._send(who, "GET", path, None, "")
            found = re.findall(pattern, text) if status == 200 else []
            if found:
                return str(found[0])
            if 200 <= status < 500:
                raise LookupError(f"{path} {status} {text[:300]}")
            time.sleep(0.1)
        raise LookupError(path)

    # -- sending -----------------------------------------------------------------------------

    def _do(self, act: Act) -> bool:
        """Send a command until it is answered; now and then lose the answer and send again."""
        command = Command(str(self._id()), act.name)
        body, kind = self._body({**act.fields, "command_id": command.id}, act.photo)
        if self.dice.random() < self.lossy / 2:
            self._send_and_hang_up(act.who, act.path, body, kind)
        with self.told.lock:
            self.told.commands.append(command)
        self._until_answered(command, act.who, act.path, body, kind)
        if command.status != 303:
            with self.told.lock:
                self.told.broken.append((act.name, command.status, self.town.kills))
            return False
        if self.dice.random() < self.lossy / 2:
            self._again(command, act.who, act.path, body, kind)
        if self.dice.random() < self.lossy / 4:
            self._otherwise(command, act)
        self.earlier[act.name] = act.path
        self.told_last = command.location
        return True

    def _until_answered(
        self, command: Command, who: str, path: str, body: bytes, kind: str
    ) -> None:
        deadline = time.monotonic() + PATIENCE
        faults = 0
        while time.monotonic() < deadline and faults < self.most_faults:
            status, location, _text = self._send(who, "POST", path, body, kind)
            faults += status >= 500
            if 200 <= status < 500:
                command.status, command.location = status, location
                command.kill = self.town.kills
                return
            time.sleep(0.1)
        command.status = 599

    def _again(self, first: Command, who: str, path: str, body: bytes, kind: str) -> None:
        again = Command(first.id, first.name)
        self._until_answered(again, who, path, body, kind)
        with self.told.lock:
            self.told.replays += 1
            if (again.status, again.location) != (first.status, first.location):
                self.told.different.append(f"{first.name} {first.id} {again.status}")

    def _otherwise(self, first: Command, act: Act) -> None:
        """Send the id again with something changed: a word, a photo, the address."""
        fields, photo, path = dict(act.fields), act.photo, self.earlier.get(act.name, act.path)
        ways = ["word", *(["photo"] if photo else []), *(["address"] if path != act.path else [])]
        what = self.dice.choice(ways)
        if what != "address":
            path = act.path
        if what == "word":
            fields["words"] = fields.get("words", "") + "，另外"
        if what == "photo":
            photo = photo[:-2] + b"\x00" * 7 + photo[-2:]
        body, kind = self._body({**fields, "command_id": first.id}, photo)
        other = Command(first.id, act.name)
        self._until_answered(other, act.who, path, body, kind)
        with self.told.lock:
            self.told.mismatches += 1
            if other.status != 422:
                self.told.taken_otherwise.append(f"{act.name} {what} {other.status}")

    def _body(self, fields: dict[str, str], photo: bytes) -> tuple[bytes, str]:
        if photo:
            return _multipart(fields, photo)
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"

    def _request(
        self, link: http.client.HTTPConnection, who: str, how: str, path: str, body: Any, kind: str
    ) -> None:
        headers = {
            "Cookie": f"sessionid={self.made['sessions'][who]}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "X-Forwarded-Proto": "https",
            "Origin": f"https://127.0.0.1:{self.town.port}",
        } | ({"Content-Type": kind} if kind else {})
        link.request(how, path, body, headers)

    def _send(
        self, who: str, how: str, path: str, body: bytes | None, kind: str
    ) -> tuple[int, str, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=20)
        try:
            self._request(link, who, how, path, body, kind)
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, "", ""
        finally:
            link.close()
        return answer.status, answer.headers.get("Location", ""), text

    def _send_and_hang_up(self, who: str, path: str, body: bytes, kind: str) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=20)
        try:
            self._request(link, who, "POST", path, body, kind)
            time.sleep(self.dice.uniform(0, 0.05))
        except (OSError, http.client.HTTPException):
            return
        finally:
            link.close()
