"""Rows of one statement: only what changed, keys drawn beside, statements planned once."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.platform.database import prepared
from bihuan.platform.database.together import Drawn, Writing, values_of
from bihuan.platform.web.models import Command, Try

AT = datetime(2026, 6, 24, 1, 30, 0, 123456, tzinfo=UTC)


def _row(name: str = "a", command_id: UUID | None = None) -> Command:
    return Command(
        scope_key="test", command_id=command_id or uuid4(), name=name, fingerprint="", at=AT
    )


@pytest.mark.django_db
class TestWriting:
    def test_rows_of_two_tables_go_in_one_statement(self) -> None:
        row, other = _row("水'管\\\n"), Try(key="k", began_at=AT, n=3)
        row.answer = {"words": ["好", None, 1.5], "at": "x"}
        writing = Writing()
        writing.insert(row)
        writing.insert(other)
        with CaptureQueriesContext(connection) as caught:
            writing.send()
        assert sum(not query["sql"].startswith("PREPARE") for query in caught) == 1
        stored, tried = Command.objects.get(), Try.objects.get()
        assert (stored.name, stored.command_id, stored.answer, stored.at) == (
            row.name,
            row.command_id,
            row.answer,
            AT,
        )
        assert (tried.key, tried.began_at, tried.n) == ("k", AT, 3)

    def test_only_changed_columns_are_written(self) -> None:
        row = _row()
        row.save()
        before = values_of(row)
        Command.objects.update(fingerprint="meanwhile")
        row.name, row.answer = "b", {"n": 1}
        writing = Writing()
        writing.change(row, before)
        writing.send()
        stored = Command.objects.get()
        assert (stored.name, stored.answer, stored.fingerprint) == ("b", {"n": 1}, "meanwhile")

    def test_nothing_changed_is_no_statement(self) -> None:
        row = _row()
        row.save()
        writing = Writing()
        writing.change(row, values_of(row))
        with CaptureQueriesContext(connection) as caught:
            assert writing.send() == []
        assert len(caught) == 0

    def test_a_row_takes_a_key_that_another_branch_draws(self) -> None:
        writing = Writing()
        branch = writing.insert(_row(), unless_known=True)
        tried = Try(key="k", began_at=AT, n=0)
        tried.n = Drawn(branch)  # type: ignore[assignment]
        writing.insert(tried)
        ((drawn,),) = writing.send(f"SELECT id FROM {branch}")
        assert drawn == Command.objects.get().pk == Try.objects.get().n

    def test_a_known_row_is_left_and_told(self) -> None:
        command_id = uuid4()
        _row("a", command_id).save()
        writing = Writing()
        branch = writing.insert(_row("b", command_id), unless_known=True)
        assert writing.send(f"SELECT id FROM {branch}") == []
        assert Command.objects.get().name == "a"

    def test_what_is_no_number_is_refused(self) -> None:
        row = _row()
        row.answer = {"n": float("nan")}
        with pytest.raises(ValueError, match="not JSON compliant"):
            Writing().insert(row)


@pytest.mark.django_db
def test_statements_are_let_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
        prepared._known.pop(connection.connection, None)
        for n in (*range(8), *range(8)):
            prepared.execute(cursor, f"SELECT {n} + $1::integer", [1])
            assert cursor.fetchone() == (n + 1,)
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] <= 3
