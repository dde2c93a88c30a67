"""Verification: another person stands there, sees, and says so. The visit and the verdict commit
together, so that a phone is never told "received" for a check that the matter refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bihuan.kernel.affairs.cases.operations.effects import Act
from bihuan.kernel.affairs.cases.operations.locking import lock_case
from bihuan.kernel.affairs.cases.operations.moving import carry_out
from bihuan.kernel.affairs.cases.operations.permitting import permitted
from bihuan.kernel.affairs.cases.types import CaseId, Detail, Moved, MoveName, case_ref
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import NewVerification
from bihuan.kernel.ground.registry.types import AreaPath, Scope
from bihuan.platform.database.joining import part as part_of_whole


@dataclass(frozen=True, slots=True)
class Check:
    """What the verifier saw on the spot. `visit_id` is made by the phone."""

    visit_id: UUID
    cleared: bool
    words: str = ""
    photos: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    claimed_at: datetime | None = None


def verify_case(case_id: CaseId, check: Check, *, scope: Scope, at: datetime) -> Moved:
    """Record the visit and close the matter, or send it back to work with its old due time.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, LackingEvidence, NotAllowed.
    """
    move = MoveName("pass" if check.cleared else "fail")
    detail = Detail(
        words=check.words,
        reason="" if check.cleared else check.words,
        photos=check.photos,
        on_the_spot=True,
        longitude=check.longitude,
        latitude=check.latitude,
        claimed_at=check.claimed_at,
    )
    with part_of_whole():
        locked = lock_case(case_id, scope=scope)
        row = permitted(locked, None, move, detail, scope=scope, at=at)
        seen = NewVerification(
            visit_id=check.visit_id,
            verifies=case_ref(case_id),
            area_path=AreaPath(locked.case.area_path),
            passed=check.cleared,
            words=check.words,
            longitude=check.longitude,
            latitude=check.latitude,
            claimed_at=check.claimed_at,
        )
        verification = fieldwork.begin_verification(seen, scope=scope, at=at)
        return carry_out(Act(locked, row, detail, scope, at), verification)
