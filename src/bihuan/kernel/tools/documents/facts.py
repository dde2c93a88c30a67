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


@dataclass(frozen=True, slots=True)
class PaperIssued(Fact):
    """A paper about a subject was issued; the hash of its file is part of the record."""

    name = "documents.paper_issued.v1"
    paper_id: int
    kind: str
    number: str
    digest: str
    clear: bool
    """It was printed once with whole names and numbers; a look stands in the record of looks."""
    replaces: str


@dataclass(frozen=True, slots=True)
class PaperWithdrawn(Fact):
    """A paper was declared invalid; why, stands with the paper."""

    name = "documents.paper_withdrawn.v1"
    paper_id: int
    kind: str
    number: str
