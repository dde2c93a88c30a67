"""Many rows in one statement.

``bulk_create`` compiles a value at a time as soon as one column has a default of the database; a
batch of matters spent most of its time there. Arrays keep the statement one and the same at any
size, and unlike COPY they go through the policies of row security.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def give_keys(rows: Sequence[models.Model]) -> None:
    """Draw a key from the table's sequence for each row that has none; gaps may happen."""
    lacking = [row for row in rows if row.pk is None]
    if not lacking:
        return
    meta = lacking[0]._meta
    sql = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [meta.db_table, meta.pk.attname, len(lacking)])
        keys = cursor.fetchall()
    for row, (key,) in zip(lacking, keys, strict=True):
        row.pk = key


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one table in one statement. Keys are drawn first, so that rows know them.

    Values go in as they stand: no ``pre_save``, no signal. Constraints and triggers hold.
    """
    if not rows:
        return
    give_keys(rows)
    fields = [
        field
        for field in rows[0]._meta.concrete_fields
        if not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column or field.attname) for field in fields)
    kinds = [_kind(field) for field in fields]
    arrays = ", ".join(f"%s::{sent}[]" for sent, _cast, _plain in kinds)
    aliases = ", ".join(f"c{n}" for n in range(len(fields)))
    values = ", ".join(f"c{n}{cast}" for n, (_sent, cast, _plain) in enumerate(kinds))
    columns = [
        [_given(row, field.attname, plain) for row in rows]
        for field, (_sent, _cast, plain) in zip(fields, kinds, strict=True)
    ]
    table = quote(rows[0]._meta.db_table)
    sql = (
        f"INSERT INTO {table} ({names}) "  # noqa: S608  names of our own tables and columns
        f"SELECT {values} FROM unnest({arrays}) AS given({aliases})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)


Plain = Callable[[Any], Any] | None


def _kind(field: models.Field[Any, Any]) -> tuple[str, str, Plain]:
    """Return as what a column is sent, to what it is then cast, and how a value becomes that."""
    if isinstance(field, ArrayField):
        return "text", f"::{field.db_type(connection)}", _array
    if isinstance(field, models.JSONField):
        return "text", "::jsonb", _json
    kind = field.db_type(connection) or ""
    return kind.split("(", 1)[0], "", None


def _given(row: models.Model, name: str, plain: Plain) -> Any:
    value = getattr(row, name)
    return value if plain is None or value is None else plain(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(value: Sequence[Any]) -> str:
    """Return an array of keys and numbers as PostgreSQL spells it; words are not needed here."""
    if any(isinstance(item, str) for item in value):
        raise TypeError("arrays of text are not written set-wise")
    return "{" + ",".join(str(item) for item in value) + "}"
