"""The views for figures say what their description says, and nothing personal."""

from __future__ import annotations

import pytest
from django.db import connection

from bihuan.kernel.ground.registry import relations
from bihuan.kernel.ground.registry.testing import Cast


@pytest.mark.parametrize("view", relations.VIEWS, ids=lambda view: view.name)
def test_columns_are_the_described_ones(db, view: relations.View) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {view.name} LIMIT 0")
        assert [column.name for column in cursor.description or ()] == list(view.columns)


def test_rows_of_areas(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, count(*), count(county_code), count(town_code)"
            " FROM registry_area_v GROUP BY level ORDER BY 2"
        )
        assert cursor.fetchall() == [
            ("city", 1, 0, 0),
            ("county", 7, 7, 0),
            ("town", 72, 72, 72),
            ("village", 1202, 1202, 1202),
        ]


def test_rows_of_firms_hold_nobody_s_name(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text, county_code, town_code FROM registry_organisation_v v")
        rows = cursor.fetchall()
    assert {row[1:] for row in rows} == {("330421", "330421003")}
    shown = " ".join(row[0] for row in rows)
    assert "恒岳紧固件有限公司" in shown
    for member in cast.members.values():
        assert member.role.name not in shown
        assert member.phone not in shown
        assert member.id_number not in shown
