"""Words of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bihuan.kernel.ground.events.types import Ref

EvidenceId = NewType("EvidenceId", int)

MOST_A_SUBJECT = 40
CLOCK_DIFFERS_SECONDS = 6 * 3600
"""A phone clock further off than this is said beside the photo."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stored file to be added to a subject; time and place are the phone's word."""

    digest: str
    kind: str
    claimed_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One photo or voice note of a subject."""

    id: EvidenceId
    subject: Ref
    kind: str
    digest: str
    received_at: datetime
    claimed_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None

    @property
    def clock_differs_days(self) -> int:
        """Return by how many days the phone's clock differed, 0 when it hardly did."""
        if self.claimed_at is None:
            return 0
        seconds = abs((self.received_at - self.claimed_at).total_seconds())
        return 0 if seconds < CLOCK_DIFFERS_SECONDS else max(1, round(seconds / 86400))
