"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class RungReached(Fact):
    """A deadline came so near, or passed by so much. `cases` knows whom to tell."""

    name = "clocks.rung_reached.v1"
    timer_id: int
    timer: str
    rung: str
    due_at: datetime
    overdue_days: int
    latest: bool
    """False when a higher rung fired with it: after an outage nobody hears of the lower ones."""


@dataclass(frozen=True, slots=True)
class DueMoved(Fact):
    """A due time moved because the calendar became known or was corrected, or a limit changed."""

    name = "clocks.due_moved.v1"
    timer_id: int
    timer: str
    was_at: datetime
    due_at: datetime
    yellow_at: datetime
    orange_at: datetime
    provisional: bool
    why: str = ""
    """The document that changed the limit; empty: the calendar moved it."""


@dataclass(frozen=True, slots=True)
class NoticeMissing(Fact):
    """A year's notice of holidays should be here and is not; said once a month."""

    name = "clocks.notice_missing.v1"
    year: int
    month: str


@dataclass(frozen=True, slots=True)
class NoticeLoaded(Fact):
    """Somebody entered a year's notice, or corrected what is still to come of it."""

    name = "clocks.notice_loaded.v1"
    year: int
    standard_version: int
    moved: int
