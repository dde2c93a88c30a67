"""Asking beforehand whether a move would be refused, so that a form is shown to none in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.operations.locking import Locked, UnableToFindCase, with_parts
from bihuan.kernel.affairs.cases.operations.moving import BY_RECEIPT
from bihuan.kernel.affairs.cases.operations.permitting import open_row
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import MAY_SEE_OWN, CaseId, KindCode, MoveName, PartId
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotAllowed, Refused


def require_open(
    case_id: CaseId,
    moves: Sequence[MoveName],
    *,
    scope: Scope,
    at: datetime,
    part_id: PartId | None = None,
) -> None:
    """Refuse unless one of `moves` may be made now, in the words the move itself would use.

    It locks nothing: the move asks again. What it would bring along is not looked at.

    Raises:
        UnableToFindCase, UnableToMove, UnableToDoAlone, NotAllowed.
    """
    case = Case.objects.filter(visible(scope), pk=case_id).first()
    if case is None:
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    _require(with_parts(case), moves, part_id, scope, at, raiser=False)


def require_open_by_receipt(case_id: CaseId, move: MoveName, *, scope: Scope, at: datetime) -> None:
    """Refuse unless whoever has shown the receipt of a matter may make `move` now.

    Raises:
        UnableToMove, UnableToDoAlone, NotAllowed.
    """
    if move not in BY_RECEIPT:
        raise NotAllowed("Sign in to do this, or call 12345.", code="by_receipt")
    holder = replace(scope, powers=scope.powers | {MAY_SEE_OWN})
    case = Case.objects.get(pk=case_id)
    _require(with_parts(case), [move], None, holder, at, raiser=True)


def _require(
    seen: Locked,
    moves: Sequence[MoveName],
    part_id: PartId | None,
    scope: Scope,
    at: datetime,
    *,
    raiser: bool,
) -> None:
    part = next((p for p in seen.parts if p.pk == part_id), None)
    if part is None and part_id is not None:
        raise UnableToFindCase("This part belongs to an earlier round. Open the matter afresh.")
    life = kinds.get_kind(KindCode(seen.case.kind)).life
    refusals: list[Refused] = []
    for move in moves:
        try:
            open_row(life, seen, part, move, scope=scope, at=at, raiser=raiser)
        except Refused as refused:
            refusals.append(refused)
    if len(refusals) == len(moves):
        raise refusals[0]
