"""Whose data hangs on a matter, and whether it is the asker's turn: what `privacy` asks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bihuan.kernel.affairs.cases.models import Case, Part
from bihuan.kernel.affairs.cases.policies import AT_THE_CENTRE, visible
from bihuan.kernel.affairs.cases.rules import IN_PLAY
from bihuan.kernel.affairs.cases.types import MAY_HANDLE, State
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.privacy.types import Care
from bihuan.kernel.ground.registry.types import PersonId, Scope

OVER = (State.EVALUATED, State.REJECTED, State.MERGED, State.VOIDED, State.WITHDRAWN)
"""In these states nobody needs to reach whoever raised it."""


def care_of(ref: Ref, scope: Scope, at: datetime) -> Care | None:
    """Return who raised a matter and whether the asker works on it; None: not for this asker.

    The centre of its area has it in care until it is over, a unit while one of its parts is open.
    """
    key = int(ref.key) if ref.key.isdecimal() and len(ref.key) < 18 else 0
    case = Case.objects.filter(visible(scope), pk=key).first()
    if case is None:
        return None
    raiser = case.raised_by_kind == "registry.person" and case.raised_by_key
    people = frozenset({PersonId(UUID(case.raised_by_key))}) if raiser else frozenset()
    if case.state in OVER:
        return Care(people, in_care=False)
    centre = any(scope.has(power) for power in AT_THE_CENTRE) and scope.covers(case.area_path)
    return Care(people, in_care=centre or _handles(case, scope))


def _handles(case: Case, scope: Scope) -> bool:
    if not scope.has(MAY_HANDLE) or not scope.unit_ids:
        return False
    states = [state.value for state in IN_PLAY]
    open_ones = Part.objects.filter(case=case, unit_id__in=scope.unit_ids, state__in=states)
    return open_ones.exists()
