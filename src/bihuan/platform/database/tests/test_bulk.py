"""Rows made and written set-wise are those that Django makes and writes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db.models.expressions import DatabaseDefault

from bihuan.platform.database import bulk

OURS = [m for m in apps.get_models() if m.__module__.startswith("bihuan.")]


def _state(row: Any) -> dict[str, Any]:
    """Return what a row holds, without what is made anew for each."""
    fields = row._meta.concrete_fields
    made = {f.attname for f in fields if f.has_default() and callable(f.default)}
    return {
        name: type(value) if name in made or isinstance(value, DatabaseDefault) else value
        for name, value in row.__dict__.items()
        if name != "_state"
    }


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_fresh_row_holds_what_its_class_gives_it(model: Any) -> None:
    plain, fresh = model(), bulk.fresh(model)
    assert _state(fresh) == _state(plain)
    assert (fresh._state.adding, fresh._state.db) == (True, None)
    for field in model._meta.concrete_fields:
        value = getattr(fresh, field.attname)
        if isinstance(value, dict | list):
            assert value is not getattr(bulk.fresh(model), field.attname), "shared between rows"


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(TypeError, match="no column nothing"):
        bulk.fresh(OURS[0], nothing=1)


@pytest.mark.django_db
def test_columns_that_are_the_same_and_columns_that_differ_are_written_alike() -> None:
    kept: Any = apps.get_model("standards", "StandardRow")
    rows = [
        bulk.fresh(
            kept,
            code=f"try.{n}",
            version=1,
            value={"n": n % 2, "words": ["一", 'a"b']},
            source="try",
            valid_from=date(2026, 1, 1 + n),
        )
        for n in range(3)
    ]
    bulk.insert_rows(rows)
    names = ("pk", "code", "value", "valid_from", "source", "county", "valid_to")
    stood = kept.objects.filter(code__startswith="try.").order_by("pk").values_list(*names)
    assert list(stood) == [tuple(getattr(row, name) for name in names) for row in rows]
