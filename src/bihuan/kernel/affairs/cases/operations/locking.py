"""The one address of locks: the matter, its round, its parts by id."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.affairs.cases.models import Case, Part, Round
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import CaseId, PartId
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotFound


class UnableToFindCase(NotFound):
    """There is no such matter, or none that the asker may know of."""


@dataclass(slots=True)
class Locked:
    """A matter with its round and parts, locked until the transaction ends."""

    case: Case
    round: Round | None
    parts: list[Part]

    def part(self, part_id: PartId) -> Part:
        """Return one of the parts."""
        return next(part for part in self.parts if part.pk == part_id)


def lock_case(case_id: CaseId, *, scope: Scope) -> Locked:
    """Lock a matter that `scope` may see.

    Raises:
        UnableToFindCase: there is none, or none for this scope.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(visible(scope), pk=case_id).first()
    if case is None:
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    round_ = Round.objects.filter(case=case, no=case.round_no).first()
    parts = list(Part.objects.filter(round=round_).order_by("pk")) if round_ else []
    return Locked(case, round_, parts)


def lock_by_part(part_id: PartId, *, scope: Scope) -> Locked:
    """Lock the matter to which a part of its current round belongs."""
    case_id = Part.objects.filter(pk=part_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    locked = lock_case(CaseId(case_id), scope=scope)
    if not any(part.pk == part_id for part in locked.parts):
        raise UnableToFindCase("This part belongs to an earlier round. Open the matter afresh.")
    return locked
