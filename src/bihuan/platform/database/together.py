"""New and changed rows of several tables in one statement.

A step of an operation writes a handful of rows: what changed, its line of history. Saved one by one
each costs a journey to the server and a compilation by the ORM. ``Writing`` gathers them and sends
one ``WITH`` whose branches insert and update; only columns that changed are written. Constraints,
triggers and row security hold as for single statements; foreign keys among the rows are checked
when all of them stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Values = dict[str, Any]


def values_of(row: models.Model) -> Values:
    """Return what a row holds, by attribute: what ``Writing.change`` compares with later."""
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


class Writing:
    """Rows gathered for one statement. Send it once, inside the transaction of its cause."""

    def __init__(self) -> None:
        self._branches: list[str] = []
        self._params: list[Any] = []

    def insert(self, row: models.Model) -> None:
        """Write a new row. Its key is drawn by the table and not read back unless it has one."""
        given = {
            f: getattr(row, f.attname)
            for f in row._meta.concrete_fields
            if not isinstance(getattr(row, f.attname), DatabaseDefault)
            and not (f.primary_key and row.pk is None)
        }
        names = ", ".join(_quoted(f.column or f.attname) for f in given)
        places = ", ".join(["%s"] * len(given))
        self._branches.append(
            f"INSERT INTO {_quoted(row._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608  our own names
        )
        self._params += [f.get_db_prep_save(value, connection) for f, value in given.items()]
        row._state.adding = False

    def change(self, row: models.Model, before: Mapping[str, Any]) -> None:
        """Write the columns of a row that differ from `before`; nothing when none does."""
        changed = [
            f for f in row._meta.concrete_fields if getattr(row, f.attname) != before[f.attname]
        ]
        if not changed:
            return
        meta = row._meta
        sets = ", ".join(f"{_quoted(f.column or f.attname)} = %s" for f in changed)
        self._branches.append(
            f"UPDATE {_quoted(meta.db_table)} SET {sets} "  # noqa: S608  our own names
            f"WHERE {_quoted(meta.pk.attname)} = %s"
        )
        self._params += [f.get_db_prep_save(getattr(row, f.attname), connection) for f in changed]
        self._params.append(row.pk)

    def send(self) -> None:
        """Write everything in one statement."""
        if not self._branches:
            return
        *others, last = self._branches
        named = ", ".join(f"w{n} AS ({branch})" for n, branch in enumerate(others))
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {named} {last}" if named else last, self._params)
        self._branches, self._params = [], []


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
