"""New and changed rows of several tables in one statement.

A step of an operation writes a handful of rows: what changed, its line of history, its facts.
Saved one by one each costs a journey to the server and a compilation by the ORM. ``Writing``
gathers them and sends one ``WITH`` that the server has planned before; each row goes as one JSON
text, only columns that changed are written, and other rooms add branches of their own. Constraints,
triggers and row security hold as for single statements; foreign keys among the rows are checked
when all of them stand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from bihuan.platform.database import prepared

Values = dict[str, Any]
Rows = list[tuple[Any, ...]]


def values_of(row: models.Model) -> Values:
    """Return what a row holds, by attribute: what ``Writing.change`` compares with later."""
    held = row.__dict__
    return {name: held[name] for name, _column in columns_of(type(row)) if name in held}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A key that a branch of the same statement draws; a row may hold it until it is written."""

    branch: str


class Writing:
    """Rows gathered for one statement. Send it once, inside the transaction of its cause."""

    def __init__(self) -> None:
        self._branches: list[str] = []
        self._params: list[Any] = []

    def add(self, branch: str, *params: Any, name: str = "") -> str:
        """Add a branch, its places written ``%s``; return the name by which others may read it."""
        name = name or f"w{len(self._branches)}"
        self._branches.append(f"{name} AS ({branch})")
        self._params += params
        return name

    def insert(self, row: models.Model, *, unless_known: bool = False) -> str:
        """Write a new row. Its key is drawn by the table and not read back unless it has one.

        `unless_known` writes nothing where the row stands already; the branch tells its key if not.
        """
        held = row.__dict__
        given = {
            column: held[name]
            for name, column in columns_of(type(row))
            if name in held and not isinstance(held[name], DatabaseDefault)
        }
        if row.pk is None:
            given.pop(str(row._meta.pk.column), None)
        row._state.adding = False
        sql = _insertion(type(row), tuple(given), _drawn(given), unless_known)
        return self.add(sql, as_json(given))

    def change(self, row: models.Model, before: Mapping[str, Any]) -> None:
        """Write the columns of a row that differ from `before`; nothing when none does."""
        held = row.__dict__
        changed = {
            column: held[name]
            for name, column in columns_of(type(row))
            if name in before and held[name] != before[name]
        }
        if changed:
            sql = _updating(type(row), tuple(changed), _drawn(changed))
            self.add(sql, as_json(changed), row.pk)

    def send(self, asking: str = "SELECT 1", *params: Any) -> Rows:
        """Write everything in one statement; return the rows that `asking` finds with it."""
        if not self._branches:
            return []
        sql = f"WITH {', '.join(self._branches)} {asking}"
        with connection.cursor() as cursor:
            prepared.execute(cursor, _numbered(sql), [*self._params, *params])
            found: Rows = cursor.fetchall()
        self._branches, self._params = [], []
        return found


@lru_cache(maxsize=256)
def _numbered(statement: str) -> str:
    """Return the statement with its places numbered in order."""
    return statement % tuple(f"${n}" for n in range(1, statement.count("%s") + 1))


@lru_cache(maxsize=64)
def columns_of(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """Return each attribute of a model with its column."""
    return tuple((f.attname, f.column or f.attname) for f in model._meta.concrete_fields)


@lru_cache(maxsize=256)
def _insertion(
    model: type[models.Model],
    columns: tuple[str, ...],
    drawn: tuple[tuple[str, str], ...],
    unless_known: bool,
) -> str:
    table, names = _quoted(model._meta.db_table), ", ".join(map(_quoted, columns))
    values = ", ".join(_value(column, dict(drawn)) for column in columns)
    sql = (
        f"INSERT INTO {table} ({names}) "  # noqa: S608  names of our own tables and columns
        f"SELECT {values} FROM json_populate_record(NULL::{table}, %s::json) x"
    )
    if unless_known:
        sql += f" ON CONFLICT DO NOTHING RETURNING {_quoted(str(model._meta.pk.column))}"
    return sql


@lru_cache(maxsize=1024)
def _updating(
    model: type[models.Model], columns: tuple[str, ...], drawn: tuple[tuple[str, str], ...]
) -> str:
    table, key = _quoted(model._meta.db_table), _quoted(str(model._meta.pk.column))
    sets = ", ".join(f"{_quoted(column)} = {_value(column, dict(drawn))}" for column in columns)
    return (
        f"UPDATE {table} t SET {sets} "  # noqa: S608  names of our own tables and columns
        f"FROM json_populate_record(NULL::{table}, %s::json) x WHERE t.{key} = %s"
    )


def _drawn(given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((column, v.branch) for column, v in given.items() if type(v) is Drawn)


def _value(column: str, drawn: Mapping[str, str]) -> str:
    branch = drawn.get(column)
    return f"(SELECT id FROM {branch})" if branch else f"x.{_quoted(column)}"  # noqa: S608


def as_json(value: object) -> str:
    """Return rows as the JSON text that the server reads; what is no number is refused."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Drawn):
        return None
    raise TypeError(f"{type(value).__name__} is not written set-wise")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
