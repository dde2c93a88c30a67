"""The one address of locks: the matter, its round, its parts by id."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model

from bihuan.kernel.affairs.cases import numbers
from bihuan.kernel.affairs.cases.models import Application, Case, Part, Round
from bihuan.kernel.affairs.cases.policies import terms_of, visible
from bihuan.kernel.affairs.cases.types import CaseId, PartId, Terms
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotFound


class UnableToFindCase(NotFound):
    """There is no such matter, or none that the asker may know of."""


@dataclass
class Locked:
    """A matter with its round and parts, locked until the transaction ends.

    It remembers how each row was read, so that only rows that changed are written.
    """

    case: Case
    round: Round | None
    parts: list[Part]
    _read: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in (self.case, self.round, *self.parts):
            if row is not None:
                self._read[id(row)] = _values(row)

    @cached_property
    def asked(self) -> list[Application]:
        """Return what was asked for about this matter and nobody has decided."""
        waiting = Application.objects.filter(case=self.case, decided_at__isnull=True)
        return list(waiting.order_by("pk"))

    @cached_property
    def terms(self) -> Terms:
        """Return the class's rules as the matter has them."""
        return terms_of(self.case)

    def part(self, part_id: PartId) -> Part:
        """Return one of the parts."""
        return next(part for part in self.parts if part.pk == part_id)

    def save(self) -> None:
        """Write the rows that changed; the matter counts one version more."""
        self.case.version += 1
        for row in (*self.parts, self.round):
            if row is not None and self._read.get(id(row)) != _values(row):
                row.save()
        self.case.save()


def _values(row: Model) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def lock_case(case_id: CaseId, *, scope: Scope, also: CaseId | None = None) -> Locked:
    """Lock a matter that `scope` may see; `also` another one with it, both in order of their ids.

    Raises:
        UnableToFindCase: there is none, or none for this scope.
    """
    rows = Case.objects.select_for_update(of=("self",)).filter(visible(scope))
    wanted = {case_id} if also is None else {case_id, also}
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    if wanted - set(found):
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    return with_parts(found[case_id])


def lock_by_receipt(number: str, code: str) -> Locked:
    """Lock a matter for whoever holds its number and receipt code.

    Raises:
        UnableToFindCase: number or code is wrong; which of them is not said.
    """
    wanted = number.strip().upper()
    case = Case.objects.select_for_update(of=("self",)).filter(number=wanted).first()
    salt = case.receipt_salt if case else "0" * 32
    right = numbers.same_code(code, wanted, salt)
    if case is None or not right:
        raise UnableToFindCase("Number and receipt code do not belong together. Check both.")
    return with_parts(case)


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


def lock_by_part(part_id: PartId, *, scope: Scope) -> Locked:
    """Lock the matter to which a part of its current round belongs."""
    rows = Case.objects.select_for_update(of=("self",)).filter(visible(scope))
    case = rows.filter(pk__in=Part.objects.filter(pk=part_id).values("case_id")).first()
    if case is None:
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    locked = with_parts(case)
    if not any(part.pk == part_id for part in locked.parts):
        raise UnableToFindCase("This part belongs to an earlier round. Open the matter afresh.")
    return locked
