"""The run-time role owns nothing and can change no table."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from psycopg import errors

from bihuan.platform.database import roles

BASE = "postgresql://{role}@{HOST}:{PORT}/"


def url(role: str, database: str) -> str:
    described = settings.DATABASES["default"]
    return BASE.format(role=role, **described) + database


@pytest.fixture
def house():
    name = "roles_try"
    admin = url("postgres", "postgres")
    roles.make_roles(admin, name)
    with psycopg.connect(url(roles.OWNER, name), autocommit=True) as owner:
        owner.execute("CREATE TABLE first (id int)")
        owner.execute("CREATE TABLE kept (id int)")
        owner.execute(
            "CREATE TRIGGER pgtrigger_append_only_1 BEFORE UPDATE ON kept"
            " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        )
        roles.grant_runtime(url(roles.OWNER, name))
        owner.execute("CREATE TABLE later (id int)")
    yield name
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db
def test_uses_tables_of_before_and_after(house: str) -> None:
    with psycopg.connect(url(roles.RUNTIME, house), autocommit=True) as app:
        for table in ("first", "later"):
            app.execute(f"INSERT INTO {table} VALUES (1)")
            assert app.execute(f"SELECT id FROM {table}").fetchall() == [(1,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE first ADD x int",
        "DROP TABLE first",
        "TRUNCATE first",
        "UPDATE kept SET id = 2",
        "DELETE FROM kept",
    ],
)
def test_changes_no_table(house: str, statement: str) -> None:
    with psycopg.connect(url(roles.RUNTIME, house), autocommit=True) as app:
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement)
        assert app.execute(
            "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
        ).fetchone() == (0,)


@pytest.mark.django_db
def test_adds_to_an_append_only_table(house: str) -> None:
    with psycopg.connect(url(roles.RUNTIME, house), autocommit=True) as app:
        app.execute("INSERT INTO kept VALUES (1)")
        assert app.execute("SELECT id FROM kept").fetchall() == [(1,)]
