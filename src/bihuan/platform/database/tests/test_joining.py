"""A part of a whole takes no savepoint, and nothing of a refused one is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from bihuan.platform.database.joining import part, whole
from bihuan.platform.web.models import Command

AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)


def _write(name: str) -> None:
    Command.objects.create(scope_key="test", command_id=uuid4(), name=name, fingerprint="", at=AT)


def _kept() -> set[str]:
    return set(Command.objects.values_list("name", flat=True))


def _savepoints(caught: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith("SAVEPOINT") for query in caught)


@pytest.mark.django_db(transaction=True)
class TestJoining:
    def test_parts_of_a_whole_join_it(self) -> None:
        with CaptureQueriesContext(connection) as caught, whole(), part():
            _write("a")
            with part():
                _write("b")
        assert _kept() == {"a", "b"}
        assert _savepoints(caught) == 0

    def test_a_refused_part_takes_the_whole_with_it(self) -> None:
        with pytest.raises(ValueError, match="refused"), whole():
            _write("a")
            with part():
                _write("b")
                raise ValueError("refused")
        assert _kept() == set()

    def test_going_on_after_a_refusal_without_a_block_is_an_error(self) -> None:
        with pytest.raises(TransactionManagementError), whole():
            try:
                with part():
                    raise ValueError("refused")
            except ValueError:
                _write("a")
        assert _kept() == set()

    def test_whoever_goes_on_opens_a_block_and_keeps_the_rest(self) -> None:
        with whole():
            _write("a")
            try:
                with transaction.atomic(), part():
                    _write("b")
                    raise ValueError("refused")
            except ValueError:
                _write("c")
            with part():
                _write("d")
        assert _kept() == {"a", "c", "d"}

    def test_outside_of_a_whole_each_part_is_a_block(self) -> None:
        with part():
            _write("a")
            try:
                with part():
                    _write("b")
                    raise ValueError("refused")
            except ValueError:
                _write("c")
        assert _kept() == {"a", "c"}

    def test_a_whole_leaves_nothing_behind(self) -> None:
        with whole():
            _write("a")
        with CaptureQueriesContext(connection) as caught, transaction.atomic(), part():
            _write("b")
        assert _savepoints(caught) == 1
