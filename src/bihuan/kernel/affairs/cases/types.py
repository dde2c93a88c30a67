"""Words of matters: kinds, states, moves, and the values that pages show."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import (
    AreaPath,
    DutyCode,
    OrganisationId,
    PersonId,
    Power,
    UnitId,
)

CaseId = NewType("CaseId", int)
RoundId = NewType("RoundId", int)
PartId = NewType("PartId", int)
KindCode = NewType("KindCode", str)
MoveName = NewType("MoveName", str)

# -- powers ---------------------------------------------------------------------------------------

MAY_RAISE = Power("cases.raise")
MAY_ACCEPT = Power("cases.accept")
MAY_DISPATCH = Power("cases.dispatch")
MAY_HANDLE = Power("cases.handle")
MAY_VERIFY = Power("cases.verify")
MAY_SUPERVISE = Power("cases.supervise")
MAY_SEE = Power("cases.see")
MAY_SEE_OWN = Power("cases.see_own")
MAY_SAY_DONE = Power("cases.say_done")
"""The firm concerned says, with a photo, that it has cleared what was found."""

POWERS_OF_DUTIES: dict[str, tuple[Power, ...]] = {
    "resident": (MAY_RAISE, MAY_SEE_OWN),
    "firm_contact": (MAY_RAISE, MAY_SEE_OWN, MAY_SAY_DONE),
    "grid_worker": (MAY_RAISE, MAY_VERIFY),
    "grid_leader": (MAY_RAISE, MAY_VERIFY, MAY_SEE),
    "acceptor": (MAY_RAISE, MAY_ACCEPT, MAY_SEE),
    "dispatcher": (MAY_RAISE, MAY_ACCEPT, MAY_DISPATCH, MAY_SEE),
    "handler": (MAY_HANDLE,),
    "verifier": (MAY_VERIFY, MAY_SEE),
    "duty_officer": (MAY_SUPERVISE, MAY_SEE),
    "project_officer": (MAY_RAISE,),
    "leader": (MAY_SEE,),
    "auditor": (MAY_SEE,),
}
"""What the standing duties may do with matters."""

# -- kinds that several scenes open ---------------------------------------------------------------

HAZARD = KindCode("hazard")
APPEAL = KindCode("appeal")

CASE = "cases.case"
PART = "cases.part"


def case_ref(case_id: CaseId) -> Ref:
    """Return the pointer to a matter."""
    return Ref(CASE, str(case_id))


def part_ref(part_id: PartId) -> Ref:
    """Return the pointer to a part of a matter."""
    return Ref(PART, str(part_id))


class State(enum.StrEnum):
    """Where a matter stands (domain A1.1). A draft is no matter yet."""

    REPORTED = "reported"
    VERIFYING = "verifying"
    REJECTED = "rejected"
    MERGED = "merged"
    FILED = "filed"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    FED_BACK = "fed_back"
    REWORK = "rework"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    VOIDED = "voided"


class PartState(enum.StrEnum):
    """Where one unit's part stands."""

    DISPATCHED = "dispatched"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    FED_BACK = "fed_back"
    REWORK = "rework"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Role(enum.StrEnum):
    """A part leads or helps; one active lead in a round."""

    LEAD = "lead"
    CO_HANDLER = "co_handler"


class Link(enum.IntEnum):
    """The seven links of the loop, as the ring shows them."""

    REPORT = 1
    FILE = 2
    DISPATCH = 3
    HANDLE = 4
    FEED_BACK = 5
    VERIFY = 6
    EVALUATE = 7


class On(enum.StrEnum):
    """Whether a move is made on the matter or on one part."""

    CASE = "case"
    PART = "part"


class Clock(enum.StrEnum):
    """What a move does to a clock. A clock is named in `Deadline.name`."""

    START = "start"
    STOP = "stop"
    REOPEN = "reopen"
    """Run again against the same due time (rework keeps the original one)."""
    PAUSE = "pause"
    RESUME = "resume"


class Guard(enum.StrEnum):
    """What must be true besides state and power; `rules` knows how to see it."""

    OWN_UNIT = "own_unit"
    CONCERNED_FIRM = "concerned_firm"
    RAISER = "raiser"
    ANOTHER_PERSON = "another_person"
    """Neither a handler nor the dispatcher of this round (domain A1.1, invariant i)."""
    WITHIN_RETURNS = "within_returns"
    FIRST_REDO = "first_redo"
    COVERS_AREA = "covers_area"


class Needs(enum.StrEnum):
    """What a move must bring along."""

    WORDS = "words"
    REASON = "reason"
    AFTER_PHOTO = "after_photo"
    ON_THE_SPOT = "on_the_spot"
    GRADE = "grade"
    RATING = "rating"
    REVIEW_DATE = "review_date"
    MASTER = "master"
    BASIS = "basis"


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """One effect on one named clock."""

    clock: str
    effect: Clock


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the reviewed from → to table: who, from where, to where, and what it takes."""

    name: MoveName
    on: On
    source: tuple[State | PartState, ...]
    target: State | PartState
    power: Power
    guards: tuple[Guard, ...] = ()
    needs: tuple[Needs, ...] = ()
    clocks: tuple[ClockEffect, ...] = ()
    notice: str = ""
    """The kind of notice to who raised the matter; empty when nobody is told."""
    outcome: str = ""
    """What a closing move means for who raised it; every closing move has one."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock of a life: its name, and the standard that holds its budget.

    `on` says which states it must cover; `standard` is a code like ``cases.limit.accept`` or, for
    disposal, the prefix to which the class of the matter is added.
    """

    name: str
    standard: str
    covers: tuple[State | PartState, ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A whole life as data; `rules.check_lifecycle` refuses one that could lose a matter."""

    code: str
    transitions: tuple[Transition, ...]
    deadlines: tuple[Deadline, ...]
    first: State = State.REPORTED
    closed: frozenset[State] = frozenset()
    follows: frozenset[State] = frozenset()
    """Open states that follow a master or wait for a review date instead of a deadline."""
    duties: tuple[tuple[State | PartState, DutyCode], ...] = ()
    """Which duty is answerable while a matter stands in a state."""


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of matter that a scene declares."""

    code: KindCode
    title: str
    life: Lifecycle
    classes: tuple[CaseClass, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A class of matters (小类): what it is, who usually handles it, which limit it has."""

    code: str
    title: str
    line: str
    """The functional line of the unit that usually handles it."""
    urgent: bool = False
    words: tuple[str, ...] = ()
    """Words in a report that suggest this class."""


# -- what goes in ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Raise:
    """What is known when a matter is raised."""

    kind: KindCode
    title: str
    text: str
    class_code: str
    area_path: AreaPath
    source: str
    """How it came: ``phone``, ``counter``, ``patrol``, ``import``."""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    raised_by: Ref | None = None
    concerns: OrganisationId | None = None
    """The firm that the matter is about, if any."""
    cause: Ref | None = None
    """The thing that opened it (a finding); a matter is opened once for each cause."""
    source_key: str = ""
    """The number it had where it came from; once for each source."""
    claimed_at: datetime | None = None
    """The time that a phone or a file claims. Clocks start when the centre receives."""
    photos: tuple[str, ...] = ()
    """Hashes of stored photos, kept as evidence "before"."""


@dataclass(frozen=True, slots=True)
class NewPart:
    """One unit's share, as a dispatcher gives it."""

    unit_id: UnitId
    role: Role
    task: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """What a move brings along. Which of it is needed, the table says."""

    words: str = ""
    reason: str = ""
    grade: str = ""
    rating: str = ""
    solved: bool | None = None
    photos: tuple[str, ...] = ()
    on_the_spot: bool = False
    """The person stood there: the check was made on the spot, not from a photo."""
    longitude: float | None = None
    latitude: float | None = None
    review_at: datetime | None = None
    master_id: CaseId | None = None
    claimed_at: datetime | None = None


# -- what comes out -------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Opens:
    """Manifest word: fact `on` opens a matter of `kind`; `raising` turns the fact into a Raise."""

    on: str
    kind: KindCode
    raising: str
    """Dotted name of a function ``(RecordedFact) -> Raise | None`` of the scene."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that might handle a matter, with reasons a person can check."""

    unit_id: UnitId
    unit_name: str
    reasons: tuple[str, ...] = field(default_factory=tuple)
