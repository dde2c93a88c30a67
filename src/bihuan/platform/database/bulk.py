"""Many rows in one statement.

``bulk_create`` compiles a value at a time as soon as one column has a default of the database, and
quotes each value of an array by itself; a batch of matters spent most of its time there. One JSON
text is written and read by compiled code, keeps the statement one and the same at any size, and
unlike COPY it goes through the policies of row security.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

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
    """Insert rows of one table in one statement; rows without a key get theirs from it, in order.

    Values go in as they stand: no ``pre_save``, no signal. Constraints and triggers hold.
    """
    if not rows:
        return
    if len(rows) == 1:
        rows[0].save(force_insert=True)
        return
    fresh = all(row.pk is None for row in rows)
    if not fresh:
        give_keys(rows)
    key = rows[0]._meta.pk.attname
    quote = connection.ops.quote_name
    columns = [
        (field.attname, field.column or field.attname)
        for field in rows[0]._meta.concrete_fields
        if not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
        and not (fresh and field.attname == key)
    ]
    given = [{column: getattr(row, name) for name, column in columns} for row in rows]
    names = ", ".join(quote(column) for _name, column in columns)
    table = quote(rows[0]._meta.db_table)
    sql = (
        f"INSERT INTO {table} ({names}) "  # noqa: S608  names of our own tables and columns
        f"SELECT {names} FROM json_populate_recordset(NULL::{table}, %s::json)"
    )
    if fresh:
        sql += f" RETURNING {quote(key)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(given, ensure_ascii=False, default=_plain)])
        drawn = cursor.fetchall() if fresh else []
    for row, (value,) in zip(rows if fresh else (), drawn, strict=True):
        row.pk = value


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not written set-wise")
