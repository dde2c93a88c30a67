"""Tables in the place of the views: rows written out by hand, found first by every statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from bihuan.kernel.ground.registry.types import AreaPath
from bihuan.platform.clock import CHINA

TOWN = AreaPath("3304/330424/330424005/")
Put = Callable[..., None]


def on(text: str) -> datetime:
    """Return a moment in China of June 2026: ``24 17:00``."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"2026-06-{int(day):02}T{time or '12:00'}").replace(tzinfo=CHINA)


NOW = on("24 12:00")
DEFAULTS: dict[str, dict[str, Any]] = {
    "cases_case_v": {
        "title": "t", "kind": "appeal", "class_code": "c", "state": "closed", "grade": "",
        "area_path": TOWN, "area_name": "望海街道", "rating": "", "solved": "", "paused": False,
        "returns": 0, "reworks": 0, "redos": 0, "reopenings": 0, "repeats": 0, "unreasonable": "",
        "malicious": False, "anonymous": False, "sensitive": False, "extended": False,
        "listed": False, "supervised": False, "holder_name": "局", "raised_at": on("1"),
    },
    "cases_open_v": {
        "title": "t", "kind": "appeal", "class_code": "c", "state": "signed", "area_path": TOWN,
        "area_name": "望海街道", "paused": False, "sensitive": False, "supervised": False,
        "holder_name": "局", "raised_at": on("1"),
    },
    "cases_part_v": {
        "title": "t", "kind": "appeal", "class_code": "c", "state": "fed_back",
        "case_state": "closed", "area_path": TOWN, "area_name": "望海街道", "sensitive": False,
        "role": "lead", "unit_name": "局",
    },
    "fieldwork_visit_v": {"kind": "patrol", "area_path": TOWN, "organisation_key": ""},
    "registry_organisation_v": {"name": "厂", "area_path": TOWN},
}  # fmt: skip


DATED = """
    CREATE TEMP VIEW cases_dated_v AS
    SELECT id AS case_id, d.what, d.at FROM cases_case_v CROSS JOIN LATERAL (VALUES
        ('raised_at', raised_at), ('filed_at', filed_at), ('closed_at', closed_at),
        ('due_at', due_at), ('first_dispatched_at', first_dispatched_at),
        ('promised_at', promised_at), ('fed_back_at', fed_back_at)) d (what, at)
"""
"""The moments of the rows written by hand, in the place of those of the tables."""


@pytest.fixture(name="put")
def put_rows(db: None) -> Put:
    """Return a way to lay rows into a table that stands in the place of a view."""
    laid: set[str] = set()

    def lay(view: str, rows: Sequence[dict[str, Any]]) -> None:
        with connection.cursor() as cursor:
            if view not in laid:
                laid.add(view)
                cursor.execute(
                    f"CREATE TEMP TABLE {view} ON COMMIT DROP AS SELECT * FROM {view} WITH NO DATA"
                )
                if view == "cases_case_v":
                    cursor.execute(DATED)
            for row in rows:
                whole = DEFAULTS[view] | row
                names = ", ".join(whole)
                marks = ", ".join(["%s"] * len(whole))
                cursor.execute(f"INSERT INTO {view} ({names}) VALUES ({marks})", [*whole.values()])

    return lay
