"""What every move writes: its line in the history, its photos, its fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bihuan.kernel.affairs.cases.facts import CaseMoved, CaseOpened, PartMoved
from bihuan.kernel.affairs.cases.models import Case, EntryRow, Part
from bihuan.kernel.affairs.cases.types import CaseId, Detail, Transition, case_ref
from bihuan.kernel.affairs.fieldwork.api import BegunVerification
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Fact, Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import Piece
from bihuan.platform.database.together import Writing

BY_THE_RAISER = frozenset({"raise", "supplement", "redo", "reopen"})
"""Moves whose photos show how it was, not how it is."""


def raiser_word(case: Case) -> str:
    """Return the pointer to who raised the matter, as one word; empty when nobody is known."""
    if not case.raised_by_key:
        return ""
    return str(Ref(case.raised_by_kind, case.raised_by_key))


def entry_of(
    case: Case, move: str, detail: Detail, *, scope: Scope, at: datetime, part: Part | None = None
) -> EntryRow:
    """Return one line of history, not yet written."""
    return EntryRow(
        case=case,
        part=part,
        round_no=case.round_no,
        move=move,
        at=at,
        claimed_at=detail.claimed_at,
        account_id=scope.origin.account_id,
        person_id=scope.person_id,
        unit_id=scope.unit_id,
        words=detail.words.strip(),
        reason=detail.reason.strip(),
        longitude=detail.longitude,
        latitude=detail.latitude,
    )


def photos_of(move: str, detail: Detail) -> list[Piece]:
    """Return the photos of a move, as evidence of how it was or how it is."""
    kind = "before" if move in BY_THE_RAISER else "after"
    claimed = (detail.claimed_at, detail.longitude, detail.latitude)
    return [Piece(digest, kind, *claimed) for digest in detail.photos]


def attach_pieces(
    into: Writing, case: Case, pieces: Sequence[Piece], *, scope: Scope, at: datetime
) -> list[Fact]:
    """Let photos and voice notes be kept as evidence of the matter; return the facts of that."""
    if not pieces:
        return []
    ref = case_ref(CaseId(case.pk))
    return documents.attach_with(into, pieces, subject=ref, scope=scope, at=at)


def opened_fact(case: Case) -> CaseOpened:
    """Return the fact that the centre received a matter."""
    cause = str(Ref(case.cause_kind, case.cause_key)) if case.cause_key else ""
    return CaseOpened(
        subject=case_ref(CaseId(case.pk)),
        number=case.number,
        kind=case.kind,
        class_code=case.class_code,
        area_path=case.area_path,
        source=case.source,
        concerns=str(case.concerns or ""),
        cause=cause,
    )


def record_with(
    into: Writing,
    facts: Sequence[Fact],
    seen: BegunVerification | None = None,
    *,
    scope: Scope,
    at: datetime,
) -> str:
    """Let what one move brought about be recorded with it, in order, and what was seen.

    Return the branch that writes the visit, if any.
    """
    brought = [(fact, scope.origin, at) for fact in facts]
    if seen is None:
        events.record_with(into, brought)
        return ""
    branch = seen.write(into)
    events.record_with(into, [*brought, (seen.fact, scope.origin, at)], only_if=(seen.fact, branch))
    return branch


def case_fact(case: Case, *, move: str, before: str, notice: str = "") -> CaseMoved:
    """Return the fact that a matter moved, or that something was added to it."""
    return CaseMoved(
        subject=case_ref(CaseId(case.pk)),
        number=case.number,
        kind=case.kind,
        class_code=case.class_code,
        move=move,
        source=before,
        target=case.state,
        round_no=case.round_no,
        area_path=case.area_path,
        concerns=str(case.concerns or ""),
        raised_by=raiser_word(case),
        grade=case.grade,
        due_at=case.due_at,
        notice=notice,
    )


def part_fact(case: Case, part: Part, transition: Transition, before: str) -> PartMoved:
    """Return the fact that a part moved, or that something was added to it."""
    return PartMoved(
        subject=case_ref(CaseId(case.pk)),
        number=case.number,
        kind=case.kind,
        class_code=case.class_code,
        part_id=part.pk,
        unit_id=part.unit_id,
        role=part.role,
        move=transition.name,
        source=before,
        target=part.state,
        area_path=case.area_path,
        concerns=str(case.concerns or ""),
        raised_by=raiser_word(case),
        grade=part.grade,
        due_at=part.due_at,
        notice=transition.notice,
        case_state=case.state,
        case_due_at=case.due_at,
    )
