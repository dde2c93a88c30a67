"""What everybody may read of figures, and what is kept back."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from django.test import Client

from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.sight.indices.testing import Put, put_rows
from bihuan.platform import clock

__all__ = ["put_rows"]
NOON = datetime(2026, 6, 24, 12, tzinfo=clock.CHINA)
FILED = datetime(2026, 6, 3, 9, tzinfo=clock.CHINA)
WANGHAI, WUYUAN, QINSHAN = "330424005", "330424001", "330424101"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def towns(put: Put, **counts: int) -> None:
    """File so many matters in each town of 海盐; every second one is closed in time."""
    rows = [
        {
            "id": n * 1000 + i,
            "area_path": f"3304/330424/{code[1:]}/",
            "filed_at": FILED,
            "promised_at": datetime(2026, 6, 10, tzinfo=clock.CHINA),
            "closed_at": datetime(2026, 6, 9 if i % 2 else 11, tzinfo=clock.CHINA),
        }
        for n, (code, count) in enumerate(counts.items())
        for i in range(count)
    ]
    put("cases_case_v", rows)


def read(code: str = "330424") -> dict[str, tuple[float | None, ...]]:
    """Return the values of each area of the open page, by code."""
    found = indices.get_open_figures(code, at=NOON)
    assert found.code == code
    told = {area.code: tuple(v.value for v in area.values[:2]) for area in found.areas}
    return told | {"": tuple(v.value for v in found.whole[:2])}


def test_by_hand(put: Put) -> None:
    towns(put, _330424005=40, _330424001=12, _330424101=30)
    found = read()
    assert found[WANGHAI] == (40.0, 50.0)
    assert found[WUYUAN] == (12.0, None)  # twelve are shown; a rate of twelve says nothing
    assert found[QINSHAN] == (30.0, 50.0)
    assert found[""] == (82.0, 50.0)


def test_one_small_town_takes_the_next_with_it(put: Put) -> None:
    towns(put, _330424005=40, _330424001=9, _330424101=30)
    found = read()
    assert (found[WUYUAN], found[QINSHAN], found[WANGHAI]) == ((), (), (40.0, 50.0))
    assert found[""] == (79.0, 49.4)


def test_too_few_in_all_shows_nothing(put: Put) -> None:
    towns(put, _330424005=9)
    assert set(read().values()) == {()}
    said = Client().get("/figures/", {"area": "330424"}).content.decode()
    assert "这里这个月立案不到 10 件" in said


def test_the_page_and_the_file_say_the_same(put: Put) -> None:
    towns(put, _330424005=40, _330424001=9, _330424101=30)
    said = Client().get("/figures/", {"area": "330424"}).content.decode()
    assert "太少，不公布" in said and "按期结案 ÷（应结案 − 缓办），本月" in said
    file = Client().get("/figures/open.csv", {"area": "330424"})
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    told = {line["area_code"]: (line["filed"], line["closed_in_time"]) for line in lines}
    assert told["330424"] == ("79.0", "49.4")
    assert told[WANGHAI] == ("40.0", "50.0")
    assert told[WUYUAN] == told[QINSHAN] == ("", "")


@pytest.mark.parametrize("area", ["330424005", "999999", "x"])
def test_only_cities_and_counties(db: None, area: str) -> None:
    assert Client().get("/figures/", {"area": area}).status_code == 404
    assert Client().get("/figures/open.csv", {"area": area}).status_code == 404


def test_a_wrong_month_is_told(db: None) -> None:
    for path in ("/figures/", "/figures/open.csv"):
        answer = Client().get(path, {"month": "2026-6-1"})
        assert answer.status_code == 422 and "2026-06" in answer.content.decode()


def test_the_start_page_leads_here(db: None) -> None:
    assert 'href="/figures/"' in Client().get("/").content.decode()


def test_json_says_the_same_and_its_columns_are_told(put: Put) -> None:
    towns(put, _330424005=40, _330424001=9, _330424101=30)
    told = Client().get("/figures/open.json", {"area": "330424"}).json()
    rows = {row["area_code"]: row for row in told["rows"]}
    assert (rows["330424"]["filed"], rows[WANGHAI]["closed_in_time"]) == (79.0, 50.0)
    assert set(rows[WUYUAN]) == {"month", "area_code", "area"}  # kept back
    assert told["smallest_shown"] == 10
    said = Client().get("/figures/data/").content.decode()
    for name in rows["330424"]:
        assert name in said, name
    assert Client().get("/figures/open.json", {"month": "x"}).status_code == 422
