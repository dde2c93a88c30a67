"""A rule changed in another process is seen by the next request of this one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection

from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.ground.standards import freshness, queries

CODE, DAY = "test.fresh", date(2026, 6, 24)
ENTER = """
    INSERT INTO standards_standard (code, county, version, value, source, valid_from, brought_by)
    VALUES (%s, '', %s, %s::jsonb, 'GB 1', %s, '')
"""


@pytest.fixture
def another(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Return a connection of another process: nothing of ours is called when it writes."""
    given = connection.get_connection_params()
    wanted = {
        key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)
    }
    with psycopg.connect(**wanted, autocommit=True) as made:
        yield made


def _next_request() -> object:
    """Read the session, as each request does first; return the rule that holds then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return standards.get_standard(CODE, on=DAY).value


def test_the_next_request_sees_what_another_process_wrote(
    another: psycopg.Connection[Any],
) -> None:
    """The first version, then the second one, each at once."""
    another.execute(ENTER, [CODE, 1, "5", date(2026, 1, 1)])
    assert _next_request() == 5
    another.execute(
        "UPDATE standards_standard SET valid_to = %s WHERE code = %s", [date(2026, 6, 1), CODE]
    )
    another.execute(ENTER, [CODE, 2, "3", date(2026, 6, 1)])
    assert _next_request() == 3


def test_without_the_word_it_would_be_old_for_a_minute(
    another: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what is kept is really kept, and only the word of the database clears it."""
    another.execute(ENTER, [CODE, 1, "5", date(2026, 1, 1)])
    assert _next_request() == 5
    monkeypatch.setattr(freshness, "CHANNEL", "nobody")
    another.execute(
        "UPDATE standards_standard SET valid_to = %s WHERE code = %s", [date(2026, 6, 1), CODE]
    )
    another.execute(ENTER, [CODE, 2, "3", date(2026, 6, 1)])
    assert _next_request() == 5


def test_a_reading_begun_before_a_change_is_not_kept(
    another: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread hears of the change while this one still reads the old rows."""
    another.execute(ENTER, [CODE, 1, "5", date(2026, 1, 1)])
    plain = queries._standard

    def interrupted(row: Any) -> Any:
        queries.forget()
        return plain(row)

    monkeypatch.setattr(queries, "_standard", interrupted)
    assert _next_request() == 5
    assert CODE not in queries._kept


def test_what_is_undone_is_not_said(another: psycopg.Connection[Any]) -> None:
    """A rule that was rolled back was never there."""
    another.execute(ENTER, [CODE, 1, "5", date(2026, 1, 1)])
    assert _next_request() == 5
    with pytest.raises(RuntimeError), another.transaction():
        another.execute(
            "UPDATE standards_standard SET valid_to = %s WHERE code = %s", [date(2026, 6, 1), CODE]
        )
        raise RuntimeError
    assert _next_request() == 5
    assert CODE in queries._kept
