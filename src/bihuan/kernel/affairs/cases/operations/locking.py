"""The one address of locks: the matter, its round, its parts by id."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Model

from bihuan.kernel.affairs.cases import numbers
from bihuan.kernel.affairs.cases.models import Application, Case, Part, Round
from bihuan.kernel.affairs.cases.operations.reading import (
    Beside,
    lock_by_ids,
    lock_by_number,
    lock_of_part,
    row_of,
)
from bihuan.kernel.affairs.cases.policies import terms_of
from bihuan.kernel.affairs.cases.types import CaseId, PartId, Terms
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.database.together import Values, Writing, values_of
from bihuan.platform.web.errors import NotFound


class UnableToFindCase(NotFound):
    """There is no such matter, or none that the asker may know of."""


@dataclass
class Locked:
    """A matter with its round and parts, locked until the transaction ends.

    It remembers how each row was read, so that only what changed is written.
    """

    case: Case
    round: Round | None
    parts: list[Part]
    nothing_asked: bool = False
    """Known from the lock: nothing waits for a decision."""
    ending: list[TimerId] = field(default_factory=list)
    """Clocks that this move ends; they are stopped with the start of the next one."""
    _read: dict[int, Values] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in (self.case, self.round, *self.parts):
            if row is not None:
                self._read[id(row)] = values_of(row)

    @cached_property
    def asked(self) -> list[Application]:
        """Return what was asked for about this matter and nobody has decided."""
        if self.nothing_asked:
            return []
        waiting = Application.objects.filter(case=self.case, decided_at__isnull=True)
        return list(waiting.order_by("pk"))

    @cached_property
    def terms(self) -> Terms:
        """Return the class's rules as the matter has them."""
        return terms_of(self.case)

    def part(self, part_id: PartId) -> Part:
        """Return one of the parts."""
        return next(part for part in self.parts if part.pk == part_id)

    def save_with(self, into: Writing, *fresh: Model) -> None:
        """Let what changed and what is new be written; the matter counts a version more."""
        self.case.version += 1
        for row in (*self.parts, self.round, self.case):
            if row is None:
                continue
            if id(row) in self._read:
                into.change(row, self._read[id(row)])
            elif row._state.adding:
                into.insert(row)
        for new in fresh:
            into.insert(new)


def lock_case(case_id: CaseId, *, scope: Scope, also: CaseId | None = None) -> Locked:
    """Lock a matter that `scope` may see; `also` another one with it, both in order of their ids.

    Raises:
        UnableToFindCase: there is none, or none for this scope.
    """
    wanted = {case_id} if also is None else {case_id, also}
    found = {case.pk: (case, beside) for case, beside in lock_by_ids(list(wanted), scope=scope)}
    if wanted - set(found):
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    return _beside(*found[case_id])


def lock_by_part(part_id: PartId, *, scope: Scope) -> Locked:
    """Lock the matter to which a part of its current round belongs."""
    found = lock_of_part(part_id, scope=scope)
    if not found:
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    locked = _beside(*found[0])
    if not any(part.pk == part_id for part in locked.parts):
        raise UnableToFindCase("This part belongs to an earlier round. Open the matter afresh.")
    return locked


def lock_by_receipt(number: str, code: str) -> Locked:
    """Lock a matter for whoever holds its number and receipt code.

    Raises:
        UnableToFindCase: number or code is wrong; which of them is not said.
    """
    wanted = number.strip().upper()
    found = lock_by_number(wanted)
    salt = found[0][0].receipt_salt if found else "0" * 32
    right = numbers.same_code(code, wanted, salt)
    if not found or not right:
        raise UnableToFindCase("Number and receipt code do not belong together. Check both.")
    return _beside(*found[0])


def _beside(case: Case, known: Beside) -> Locked:
    """Return the matter with what the lock read beside it.

    A lock that had to wait reads the matter afresh, but what stands beside it as it was before the
    wait. The version tells: if it moved on meanwhile, the rest is read again, under the lock.
    """
    if known["version"] != case.version:
        return with_parts(case)
    round_ = row_of(Round, known["round"]) if known["round"] else None
    parts = [row_of(Part, values) for values in known["parts"] or ()]
    for part in parts:
        assert round_ is not None
        part.case, part.round = case, round_
    return Locked(case, round_, parts, nothing_asked=not known["asked"])


def with_parts(case: Case) -> Locked:
    """Read the round through its parts: one statement, or two before the first dispatch."""
    rows = Part.objects.select_related("round").filter(round__case=case, round__no=case.round_no)
    parts = list(rows.order_by("pk"))
    if not parts:
        return Locked(case, Round.objects.filter(case=case, no=case.round_no).first(), [])
    round_ = parts[0].round
    for part in parts:
        part.round = round_
    return Locked(case, round_, parts)
