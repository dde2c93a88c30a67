"""Reactions to facts of the kernel; safe to run twice, since a code is computed from what is so."""

from __future__ import annotations

from uuid import UUID

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import HAZARD, PART, PartId
from bihuan.kernel.ground.events.types import RecordedFact
from bihuan.kernel.ground.registry.types import OrganisationId
from bihuan.scenes.safe_enterprise.operations import compute_code, system

MOVES = frozenset(
    {
        "sign",
        "pass",
        "fail",
        "reject",
        "void",
        "withdraw",
        "merge",
        "detach",
        "allow_unreasonable",
        "redo",
        "call_back_redo",
        "reopen",
        "reopen_by_centre",
        "look_back_again",
    }
)
"""Moves after which a firm's confirmed hazards may be others."""


def matter_moved(fact: RecordedFact) -> None:
    """Compute the firm's code when one of its hazards was confirmed or cleared."""
    payload = fact.payload
    if payload["kind"] == HAZARD and payload["concerns"] and payload["move"] in MOVES:
        firm = OrganisationId(UUID(payload["concerns"]))
        compute_code(firm, at=fact.at, origin=fact.origin)


def firm_registered(fact: RecordedFact) -> None:
    """Give a newly registered firm its first code."""
    compute_code(OrganisationId(UUID(fact.subject.key)), at=fact.at, origin=fact.origin)


def deadline_passed(fact: RecordedFact) -> None:
    """Compute the firm's code when one of its hazards was not cleared by its date."""
    if fact.subject.kind != PART or fact.payload["rung"] != "due":
        return
    try:
        view = cases.get_case_of_part(PartId(int(fact.subject.key)), scope=system())
    except cases.UnableToFind:
        return
    if view.kind == HAZARD and view.concerns is not None:
        compute_code(view.concerns, at=fact.at, origin=fact.origin)
