"""Who may see and move a matter, from a Scope."""

from __future__ import annotations

from django.db.models import Q

from bihuan.kernel.affairs.cases.models import Case, Part, Round
from bihuan.kernel.affairs.cases.rules import Standing
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_DISPATCH,
    MAY_HANDLE,
    MAY_SAY_DONE,
    MAY_SEE,
    MAY_SEE_OWN,
    MAY_SUPERVISE,
    MAY_VERIFY,
)
from bihuan.kernel.ground.registry.types import Scope, UnitId, person_ref

BY_AREA = (MAY_SEE, MAY_ACCEPT, MAY_DISPATCH, MAY_SUPERVISE, MAY_VERIFY)
"""Powers that show every matter of the scope's areas."""


def visible(scope: Scope) -> Q:
    """Return the condition under which `scope` sees a matter; nothing unless a power says so."""
    condition = Q(pk__in=[])
    if any(scope.has(power) for power in BY_AREA):
        for path in scope.area_paths:
            condition |= Q(area_path__startswith=path)
    if scope.has(MAY_HANDLE) and scope.unit_ids:
        theirs = Part.objects.filter(unit_id__in=scope.unit_ids)
        condition |= Q(pk__in=theirs.values("case_id"))
    if scope.has(MAY_SEE_OWN) and scope.person_id is not None:
        condition |= Q(raised_by_kind="registry.person", raised_by_key=str(scope.person_id))
    if scope.has(MAY_SAY_DONE) and scope.organisation_ids:
        condition |= Q(concerns__in=scope.organisation_ids)
    return condition


def standing_of(scope: Scope, case: Case, round_: Round | None, part: Part | None) -> Standing:
    """Return what the guards look at, for `scope` before locked rows."""
    raiser = scope.person_id is not None and (case.raised_by_kind, case.raised_by_key) == _pair(
        scope
    )
    return Standing(
        covers_area=scope.covers(case.area_path),
        own_unit=part is not None and UnitId(part.unit_id) in scope.unit_ids,
        concerned_firm=case.concerns is not None and case.concerns in scope.organisation_ids,
        raiser=raiser,
        had_a_hand=round_ is not None and scope.person_id in round_.hands,
        returns=case.returns,
        redone=case.round_no > 1,
    )


def _pair(scope: Scope) -> tuple[str, str]:
    assert scope.person_id is not None
    ref = person_ref(scope.person_id)
    return ref.kind, ref.key
