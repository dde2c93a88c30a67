"""Words of the edge: systems outside, what comes from them and what goes to them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

Body = dict[str, Any]
"""Plain JSON values."""


class Sharing(enum.StrEnum):
    """How data may be shared between authorities."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue of shared data says of a system. Start-up refuses one with a gap."""

    catalogue_id: str
    provider: str
    sharing: Sharing
    legal_basis: str
    """Why it may be used, and where it is not shared freely, why not."""
    fields: tuple[tuple[str, str], ...]
    """Name and meaning of each field that crosses."""
    refresh: str
    """How often it is brought up to date."""
    owner: str
    """Who answers for it here."""
    correction: str
    """Whom to tell that something in it is wrong."""


@dataclass(frozen=True, slots=True)
class System:
    """A system outside, as a manifest declares it."""

    code: str
    title: str
    entry: Entry
    pulls: bool = True
    """We ask it for what is new."""
    pushes: bool = True
    """It may send to us, with a key and a signature."""
    answers: bool = True
    """It is told what became of what it gave."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a system gives: its number there, and its fields."""

    number: str
    body: Body


@dataclass(frozen=True, slots=True)
class Batch:
    """What is new since `cursor`, and where to go on."""

    items: tuple[Item, ...]
    cursor: str


class Adapter(Protocol):
    """How one speaks to a system. Both calls may be repeated."""

    def fetch(self, cursor: str) -> Batch:
        """Return what is new since `cursor`."""
        ...

    def send(self, action: str, key: str, body: Body) -> Body:
        """Bring `body` over; the same `key` twice has one effect and one answer."""
        ...


class UnableToReach(Exception):
    """The other side did not answer, or not as it should. It is tried again."""


class UnableToSend(Exception):
    """It must not be sent, now or later: the address is none we may speak to."""


@dataclass(frozen=True, slots=True)
class Key:
    """A machine's key as it stands: never the key itself."""

    id: UUID
    title: str
    prefix: str
    system: str
    powers: tuple[str, ...]
    areas: tuple[str, ...]
    county: str
    per_minute: int
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Return whether it opens the door at `at`."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key just made. Key and signing secret are shown once and kept nowhere in clear."""

    key: Key
    token: str
    secret: str


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that wants to hear of things."""

    id: UUID
    key_id: UUID
    url: str
    topics: tuple[str, ...]
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A call as the administrator sees it."""

    id: int
    target: str
    action: str
    key: str
    state: str
    attempts: int
    due_at: datetime
    done_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a system stands: what the page of interfaces shows."""

    system: System
    connected: bool
    stand_in: bool
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    failure: str = ""
    pending: int = 0
    dead: int = 0
    taken: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to an arrival, and whether it had come before."""

    answer: Body
    repeated: bool
    refused: bool = False
