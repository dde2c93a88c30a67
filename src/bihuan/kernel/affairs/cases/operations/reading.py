"""The statement with which every move begins: lock a matter that a scope may see, with all beside.

Hand-written and planned once a connection, for it runs with each step of each matter. Who sees
which matter is `policies.visible`; here it stands a second time in SQL, and a test compares both
for the whole cast.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import DateTimeField, Field, Model, UUIDField

from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.policies import AT_THE_CENTRE, BY_AREA
from bihuan.kernel.affairs.cases.types import MAY_HANDLE, MAY_SAY_DONE, MAY_SEE_OWN, CaseId, PartId
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.database import prepared
from bihuan.platform.database.together import columns_of

Row = TypeVar("Row", bound=Model)
Beside = dict[str, Any]

BESIDE = """
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
    FROM cases_case x WHERE x.id = c.id
"""
"""Round, parts and whether anything is asked, as the statement's snapshot knows them."""

LOCK = "FOR UPDATE OF c"
"""Tests of races take it away, to see that they would notice."""
_SEEN = """
    EXISTS (SELECT FROM unnest($2::text[]) AS own (path)
            WHERE starts_with(c.area_path, own.path) AND ($3::boolean OR NOT c.sensitive))
    OR EXISTS (SELECT FROM cases_part t WHERE t.case_id = c.id AND t.unit_id = ANY ($4::bigint[]))
    OR (c.raised_by_kind = 'registry.person' AND c.raised_by_key = $5::text)
    OR c.concerns = ANY ($6::uuid[])
"""


def lock_by_ids(case_ids: list[CaseId], *, scope: Scope) -> list[tuple[Case, Beside]]:
    """Lock matters that `scope` may see, in order of their ids."""
    return _lock(f"c.id = ANY ($1::bigint[]) AND ({_SEEN})", [case_ids, *_sight(scope)])


def lock_of_part(part_id: PartId, *, scope: Scope) -> list[tuple[Case, Beside]]:
    """Lock the matter of a part, if `scope` may see it."""
    which = "c.id = (SELECT p.case_id FROM cases_part p WHERE p.id = $1::bigint)"
    return _lock(f"{which} AND ({_SEEN})", [part_id, *_sight(scope)])


def lock_by_number(number: str) -> list[tuple[Case, Beside]]:
    """Lock the matter with this number, whoever asks."""
    return _lock("c.number = $1::text", [number])


def _lock(which: str, given: list[Any]) -> list[tuple[Case, Beside]]:
    with connection.cursor() as cursor:
        prepared.execute(cursor, _statement(which, LOCK), given)
        found = cursor.fetchall()
    names = [name for name, _column in columns_of(Case)]
    return [(_case(names, row), _parsed(row[-1])) for row in found]


@lru_cache(maxsize=8)
def _statement(which: str, lock: str) -> str:
    columns = ", ".join(f'c."{column}"' for _name, column in columns_of(Case))
    return (
        f"SELECT {columns}, ({BESIDE}) FROM cases_case c "  # noqa: S608  our own columns
        f"WHERE {which} ORDER BY c.id {lock}"
    )


def _sight(scope: Scope) -> list[Any]:
    """Return by what a scope sees matters: areas, all classes or not, units, person, firms."""
    centre = any(scope.has(power) for power in AT_THE_CENTRE)
    paths = list(scope.area_paths) if any(scope.has(power) for power in BY_AREA) else []
    units = list(scope.unit_ids) if scope.has(MAY_HANDLE) else []
    own = scope.has(MAY_SEE_OWN) and scope.person_id is not None
    firms = list(scope.organisation_ids) if scope.has(MAY_SAY_DONE) else []
    return [paths, centre, units, str(scope.person_id) if own else None, firms]


# -- rows -----------------------------------------------------------------------------------------


def _case(names: list[str], row: tuple[Any, ...]) -> Case:
    case = Case.from_db("default", names, row[:-1])
    case.terms = _parsed(case.terms)
    return case


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def row_of(model: type[Row], values: dict[str, Any]) -> Row:
    """Return the row that PostgreSQL gave as JSON."""
    names, readers = _readers(model)
    given = [_read(values[column], read) for column, read in readers]
    return model.from_db("default", names, given)


def _read(value: Any, read: Callable[[Any], Any] | None) -> Any:
    return value if value is None or read is None else read(value)


@lru_cache(maxsize=8)
def _readers(
    model: type[Model],
) -> tuple[list[str], list[tuple[str, Callable[[Any], Any] | None]]]:
    fields = model._meta.concrete_fields
    return [f.attname for f in fields], [(f.column or f.attname, _reader(f)) for f in fields]


def _reader(column: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Return how a value in JSON becomes one of the column; None where it stays as it is."""
    if isinstance(column, DateTimeField):
        return datetime.fromisoformat
    if isinstance(column, UUIDField):
        return UUID
    if isinstance(column, ArrayField):
        inner = _reader(column.base_field)
        return None if inner is None else lambda items: [inner(item) for item in items]
    return None
