"""What comes out: frozen values that pages show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bihuan.kernel.affairs.cases.types.ladder import Told
from bihuan.kernel.affairs.cases.types.life import Stage, Terms
from bihuan.kernel.affairs.cases.types.words import (
    CaseId,
    KindCode,
    Link,
    MoveName,
    PartId,
    PartState,
    Role,
    State,
)
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import AreaPath, OrganisationId, PersonId, UnitId


@dataclass(frozen=True, slots=True)
class Opened:
    """A new matter: its number, and the code with which its raiser finds it without an account."""

    case_id: CaseId
    number: str
    receipt_code: str
    state: State
    repeated: bool = False
    """True when the same cause or source number had opened it before."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The result of a move: everything that the answer shows."""

    case_id: CaseId
    number: str
    state: State
    area_path: AreaPath
    part_id: PartId | None = None
    part_state: PartState | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """One part as a page shows it."""

    id: PartId
    unit_id: UnitId
    unit_name: str
    role: Role
    task: str
    state: PartState
    due_at: datetime | None
    timer_id: int | None
    grade: str = ""
    answer: str = ""
    returned_basis: str = ""
    moves: tuple[MoveName, ...] = ()
    forced: bool = False
    extended: bool = False
    stage: int = 1
    stages: tuple[Stage, ...] = ()
    """The timed stages of the class, when there are several."""
    suggested_unit: str = ""
    """The unit that a returning unit names instead of itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a matter's history."""

    at: datetime
    what: str
    """The move, a word of this room: ``raise``, ``file``, ``dispatch``, ``sign`` …"""
    person_id: PersonId | None = None
    words: str = ""
    reason: str = ""
    unit_name: str = ""
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked for that waits for a decision."""

    kind: str
    unit_name: str
    asked_at: datetime
    words: str
    reason: str = ""
    amount: int = 0
    review_at: datetime | None = None
    part_id: PartId | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A mark of supervision: what was said, who must answer."""

    words: str
    at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Another matter, as one line with its number."""

    id: CaseId
    number: str
    title: str
    state: State


@dataclass(frozen=True, slots=True)
class Alike:
    """An open matter that may be the same, with what speaks for it."""

    id: CaseId
    number: str
    title: str
    place: str
    state: State
    raised_at: datetime
    likeness: float
    same_person: bool
    attached: int = 0
    """How many follow it already."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A matter as a page shows it."""

    id: CaseId
    number: str
    kind: KindCode
    class_code: str
    class_title: str
    title: str
    text: str
    state: State
    link: Link
    area_path: AreaPath
    area_name: str
    place: str
    source: str
    round_no: int
    raised_at: datetime
    due_at: datetime | None
    timer_id: int | None
    closed_at: datetime | None
    longitude: float | None = None
    latitude: float | None = None
    concerns: OrganisationId | None = None
    raised_by: Ref | None = None
    answer: str = ""
    rating: str = ""
    version: int = 0
    parts: tuple[PartView, ...] = ()
    history: tuple[Entry, ...] = ()
    moves: tuple[MoveName, ...] = ()
    photos_before: tuple[int, ...] = ()
    photos_after: tuple[int, ...] = ()
    voices: tuple[int, ...] = ()
    """Voice notes, as evidence numbers."""
    unheard: bool = False
    """Only a voice note says what it is about; nobody has written it down yet."""
    terms: Terms = field(default_factory=Terms)
    answerable: str = ""
    """The unit that is responsible until another one signs (首接负责)."""
    draft: str = ""
    """The one answer of several units, once the lead drafted it."""
    draft_approved: bool = False
    composed: str = ""
    """What the parts' answers give together: where the lead begins."""
    asked: tuple[Asked, ...] = ()
    watched: Watched | None = None
    master: CaseLink | None = None
    attached: tuple[CaseLink, ...] = ()
    repeats: int = 0
    reject_reason: str = ""
    unreasonable: str = ""
    malicious: bool = False
    solved: str = ""
    review_at: datetime | None = None
    reopen_until: datetime | None = None
    look_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A matter as one line of a list."""

    id: CaseId
    number: str
    kind: KindCode
    class_title: str
    title: str
    state: State
    area_name: str
    place: str
    raised_at: datetime
    due_at: datetime | None
    yellow_at: datetime | None
    orange_at: datetime | None
    paused: bool
    timer_id: int | None
    holder: str
    own_role: Role | None = None
    grade: str = ""
    concerns: OrganisationId | None = None
    cause: Ref | None = None
    answer: str = ""
    """What the lead says was done in the present round."""
    longitude: float | None = None
    latitude: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; it comes from the address line."""

    kind: KindCode | None = None
    states: tuple[State, ...] = ()
    band: str = ""
    unit_id: UnitId | None = None
    area_path: str = ""
    text: str = ""
    concerns: OrganisationId | None = None
    raised_by: Ref | None = None
    tray: str = ""
    """``accept``, ``dispatch``, ``handle``, ``verify``, ``all``: whose turn it is."""


@dataclass(frozen=True, slots=True)
class PageOf:
    """Fifty rows, the count (exact to 10,000), and where the next fifty begin."""

    rows: tuple[CaseRow, ...]
    count: int
    more_than_counted: bool
    after: str = ""
    bands: tuple[tuple[str, int], ...] = ()
    """Matters by colour."""
    more_in_bands: frozenset[str] = frozenset()
    """Colours of which there are more than counted: their number is the least there is."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that might handle a matter, with reasons a person can check."""

    unit_id: UnitId
    unit_name: str
    reasons: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class RungTold:
    """A rung of a deadline that was reached: when, and whom the rule tells then."""

    rung: str
    at: datetime
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """An overdue matter as the ladder shows it."""

    id: CaseId
    number: str
    title: str
    """Empty where it is kept back."""
    class_title: str
    area_name: str
    state: State
    holder: str
    """The lead unit; empty: no unit has it."""
    leaderless: bool
    """Nobody holds a post in the unit."""
    due_at: datetime
    days: int
    level: str
    told: tuple[RungTold, ...]
    """The latest first."""
    next_level: str
    next_at: datetime | None
    supervised: bool
    sensitive: bool
