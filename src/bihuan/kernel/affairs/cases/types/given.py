"""What goes in: a matter raised, parts given, what a move brings along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.affairs.cases.types.words import CaseId, KindCode, Role
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Area, AreaPath, OrganisationId, UnitId


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
    voices: tuple[str, ...] = ()
    """Hashes of stored voice notes. Without a text somebody writes down what they say first."""
    area: Area | None = None
    """The area of `area_path`, where the caller has looked it up already."""


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
    solved: str = ""
    amount: int = 0
    """How much more time is asked for, in the unit of the limit."""
    channel: str = ""
    suggested_unit: UnitId | None = None
    photos: tuple[str, ...] = ()
    on_the_spot: bool = False
    """The person stood there: the check was made on the spot, not from a photo."""
    longitude: float | None = None
    latitude: float | None = None
    review_at: datetime | None = None
    master_id: CaseId | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opens:
    """Manifest word: fact `on` opens a matter of `kind`; `raising` turns the fact into a Raise."""

    on: str
    kind: KindCode
    raising: str
    """Dotted name of a function ``(RecordedFact) -> Raise | None`` of the scene."""
