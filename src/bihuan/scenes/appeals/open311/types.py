"""Words of the standard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SOURCE = "open311"
DESCRIPTION_LONGEST = 4000
ADDRESS_LONGEST = 200
URL_LONGEST = 1000
MOST_ROWS = 1000
MOST_DAYS = 90
MOST_IDS = 100

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an installation offers, as its dated rule says."""

    anonymous: bool
    """Whether a matter may be sent without a key."""
    per_minute: int
    """How often one address may come without a key."""
    services: tuple[str, ...]
    """Classes that are offered and shown."""
    exact: frozenset[str]
    """Classes of things that stand in the street: their place is shown as it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matters a reader asks for."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    status: str = ""
    page: int = 1
    size: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Shown:
    """A matter as the public sees it."""

    number: str
    status: str
    state: str
    class_code: str
    area_code: str
    area_name: str
    raised_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    holder: str
    words: str = ""
    """What a reviewer released; empty while the text is withheld."""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
