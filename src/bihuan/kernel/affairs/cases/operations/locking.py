"""The one address of locks: the matter, its round, its parts by id."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import RawSQL

from bihuan.kernel.affairs.cases import numbers
from bihuan.kernel.affairs.cases.models import Application, Case, Part, Round
from bihuan.kernel.affairs.cases.policies import terms_of, visible
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

    def save(self, *fresh: Model) -> None:
        """Write what changed and what is new in one statement; the matter counts a version more."""
        self.case.version += 1
        writing = Writing()
        for row in (*self.parts, self.round, self.case):
            if row is None:
                continue
            if id(row) in self._read:
                writing.change(row, self._read[id(row)])
            elif row._state.adding:
                writing.insert(row)
        for new in fresh:
            writing.insert(new)
        writing.send()


def lock_case(case_id: CaseId, *, scope: Scope, also: CaseId | None = None) -> Locked:
    """Lock a matter that `scope` may see; `also` another one with it, both in order of their ids.

    Raises:
        UnableToFindCase: there is none, or none for this scope.
    """
    rows = _locking().filter(visible(scope))
    wanted = {case_id} if also is None else {case_id, also}
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    if wanted - set(found):
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    return _beside(found[case_id])


def lock_by_receipt(number: str, code: str) -> Locked:
    """Lock a matter for whoever holds its number and receipt code.

    Raises:
        UnableToFindCase: number or code is wrong; which of them is not said.
    """
    wanted = number.strip().upper()
    case = _locking().filter(number=wanted).first()
    salt = case.receipt_salt if case else "0" * 32
    right = numbers.same_code(code, wanted, salt)
    if case is None or not right:
        raise UnableToFindCase("Number and receipt code do not belong together. Check both.")
    return _beside(case)


BESIDE = """(
    SELECT json_build_object(
        'version', x.version,
        'round', (
            SELECT row_to_json(r) FROM cases_round r WHERE r.case_id = x.id AND r.no = x.round_no),
        'parts', (
            SELECT json_agg(p ORDER BY p.id)
            FROM cases_part p JOIN cases_round r ON r.id = p.round_id
            WHERE r.case_id = x.id AND r.no = x.round_no),
        'asked', EXISTS (
            SELECT FROM cases_application a WHERE a.case_id = x.id AND a.decided_at IS NULL))
    FROM cases_case x WHERE x.id = cases_case.id
)"""
"""Round, parts and whether anything is asked, as the statement's snapshot knows them."""


def _locking() -> QuerySet[Case]:
    rows = Case.objects.select_for_update(of=("self",))
    return rows.annotate(beside=RawSQL(BESIDE, []))  # noqa: S611  a constant


def _beside(case: Case) -> Locked:
    """Return the matter with what the lock read beside it.

    A lock that had to wait reads the matter afresh, but what stands beside it as it was before the
    wait. The version tells: if it moved on meanwhile, the rest is read again, under the lock.
    """
    found = case.beside  # type: ignore[attr-defined]  # annotated by _locking
    known = json.loads(found) if isinstance(found, str) else found
    if known["version"] != case.version:
        return with_parts(case)
    round_ = _row(Round, known["round"]) if known["round"] else None
    parts = [_row(Part, values) for values in known["parts"] or ()]
    for part in parts:
        assert round_ is not None
        part.case, part.round = case, round_
    return Locked(case, round_, parts, nothing_asked=not known["asked"])


Row = TypeVar("Row", bound=Model)


def _row(model: type[Row], values: dict[str, Any]) -> Row:
    fields = model._meta.concrete_fields
    names = [f.attname for f in fields]
    return model.from_db("default", names, [_value(f, values[f.column or ""]) for f in fields])


def _value(column: Field[Any, Any], value: Any) -> Any:
    if isinstance(column, ArrayField) and value is not None:
        return [column.base_field.to_python(item) for item in value]
    return column.to_python(value)


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
    rows = _locking().filter(visible(scope))
    case = rows.filter(pk__in=Part.objects.filter(pk=part_id).values("case_id")).first()
    if case is None:
        raise UnableToFindCase("There is no such matter, or it is not in your care.")
    locked = _beside(case)
    if not any(part.pk == part_id for part in locked.parts):
        raise UnableToFindCase("This part belongs to an earlier round. Open the matter afresh.")
    return locked
