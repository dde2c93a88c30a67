"""Reactions to facts of the kernel; safe to run twice."""

from __future__ import annotations

from bihuan.kernel.affairs.fieldwork.types import FINDING
from bihuan.kernel.ground.events.types import RecordedFact, Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.tools.documents import api as documents


def matter_opened(fact: RecordedFact) -> None:
    """Hang the voice notes of a finding on the matter that it became, so that they are heard."""
    kind, _colon, key = str(fact.payload["cause"]).partition(":")
    if kind != FINDING:
        return
    found = Ref(kind, key)
    scope = registry.system_scope("industrial_grid").through(fact.origin)
    for note in documents.list_evidence([found]).get(found, ()):
        if note.kind == "voice":
            documents.attach(
                subject=fact.subject,
                digest=note.digest,
                kind="voice",
                scope=scope,
                at=fact.at,
                claimed_at=note.claimed_at,
            )
