"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class EvidenceAttached(Fact):
    """A photo or voice note was added to a subject; its hash is part of the record."""

    name = "documents.evidence_attached.v1"
    evidence_id: int
    kind: str
    digest: str
