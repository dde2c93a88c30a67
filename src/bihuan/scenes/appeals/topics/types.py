"""Words of hot topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

TopicId = NewType("TopicId", int)


@dataclass(frozen=True, slots=True)
class Bounds:
    """When matters are many and the same; a dated standard."""

    days: int
    fewest: int
    fewest_people: int
    likeness: float
    metres: int
    again_after: int
    most: int


@dataclass(frozen=True, slots=True)
class Told:
    """One open matter as the search for topics reads it."""

    key: int
    text: str
    """Title and text as they were told."""
    class_code: str
    area: str
    """Path of the area that was named, a town or below it."""
    at: datetime
    place: str = ""
    raiser: str = ""
    point: tuple[float, float] | None = None
    """Longitude and latitude."""
    followers: int = 0
    started: bool = False
    """A unit is at it already: it can lead others, it cannot follow."""

    @property
    def town(self) -> str:
        """Return the path of the town: matters of two towns are two."""
        return "/".join(self.area.strip("/").split("/")[:3]) + "/"


@dataclass(frozen=True, slots=True)
class Found:
    """Open matters that seem to be one: which, by which words, how alike, how many people."""

    keys: tuple[int, ...]
    master: int
    """The one that others should follow: it has followers, or a unit at work, or came first."""
    class_code: str
    town: str
    words: tuple[str, ...]
    likeness: float
    people: int


@dataclass(frozen=True, slots=True)
class Member:
    """One matter of a topic as the page shows it."""

    case_id: int
    number: str
    title: str
    place: str
    raised_at: datetime
    version: int
    followers: int
    can_follow: bool
    """Not yet dispatched: it may be merged into another."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A proposal as it stands now."""

    id: TopicId
    class_code: str
    area_name: str
    words: tuple[str, ...]
    percent: int
    people: int
    master: int
    members: tuple[Member, ...]
