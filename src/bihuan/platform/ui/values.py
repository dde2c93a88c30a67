"""What components are given: frozen values, words already chosen. No civic noun occurs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline badge: colour band, words, the moment."""

    band: str
    words: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatePill:
    """A ring drawn to `link` of 7, and a word. Closed shows a tick, dashed stands outside."""

    words: str
    link: int = 0
    closed: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class RailLink:
    """One of the seven links: done, now or to come."""

    words: str
    state: str


@dataclass(frozen=True, slots=True)
class ExplainedDue:
    """A due date first, then why it is that one."""

    when: str
    why: str
    provisional: bool = False
    badge: Deadline | None = None
    promise: str = ""
    band: str = ""
    waiting: str = ""
    struck: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a timeline: now, past, waiting, system or withdrawn."""

    kind: str
    when: str
    who: str
    what: str
    note: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedNumber:
    """A number with its definition, as-of, source, and the way to its rows."""

    title: str
    value: str
    unit: str
    definition: str
    as_of: str
    source: str
    href: str = ""
    change: str = ""
    missing: str = ""
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class CodeBadge:
    """A code by shape and word: green circle, yellow triangle, red octagon, or none yet."""

    colour: str
    words: str
    score: int | None = None
    note: str = ""
    size: int = 48


@dataclass(frozen=True, slots=True)
class PartCard:
    """One unit's share of a matter."""

    role: str
    is_lead: bool
    unit: str
    task: str
    state: StatePill
    badge: Deadline | None = None
    note: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A choice with at most three reasons that a person can check."""

    value: str
    words: str
    reasons: tuple[str, ...] = ()
    best: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What is true, the nearest useful fact, one link."""

    words: str
    fact: str = ""
    href: str = ""
    link: str = ""
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work: what, how far, how long still; it can be left and found again."""

    words: str
    done: int
    whole: int
    left: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """One cell of a file that must be mended."""

    row: int
    column: str
    written: str
    mend: str


@dataclass(frozen=True, slots=True)
class NavLink:
    """A way to a page: address, glyph, words, whether the reader stands there."""

    href: str
    icon: str
    words: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A small word in a frame."""

    words: str
    tone: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
