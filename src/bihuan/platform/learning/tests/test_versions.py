"""Versions are packed without pickle, kept, served one at a time, compared and taken back."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import DatabaseError, transaction

from bihuan.platform.learning import packing, store
from bihuan.platform.learning.comparing import compare
from bihuan.platform.learning.model import Model
from bihuan.platform.learning.models import Version
from bihuan.platform.learning.packing import UnableToLoadModel, pack, unpack
from bihuan.platform.learning.tests.worlds import make_rows
from bihuan.platform.learning.training import train

AT = datetime(2026, 6, 24, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*make_rows(90))


def keep(model: Model, *, serve: bool) -> store.Kept:
    return store.keep(
        "lamps", model, at=AT, learnt_until=AT, rows=90, figures={"a": 1}, serve=serve
    )


def test_a_packed_model_answers_the_same(model: Model) -> None:
    texts, _ = make_rows(30, seed=4)
    content = pack(model)
    assert np.array_equal(unpack(content).scores(texts), model.scores(texts))
    assert unpack(content).labels == model.labels
    assert pack(train(*make_rows(90))) == content


def test_what_is_no_model_is_refused(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    content = pack(model)
    for broken in (b"", b"nothing", content[: len(content) // 2]):
        with pytest.raises(UnableToLoadModel, match="no model"):
            unpack(broken)
    out = io.BytesIO()
    np.savez(out, heading=np.array([{"format": 1}], dtype=object))
    with pytest.raises(UnableToLoadModel, match="no model"):
        unpack(out.getvalue())
    monkeypatch.setattr(packing, "FORMAT", 99)
    with pytest.raises(UnableToLoadModel, match="format 1, this program reads 99"):
        unpack(content)


def test_arrays_that_do_not_fit_together_are_refused(model: Model) -> None:
    with np.load(io.BytesIO(pack(model))) as arrays:
        parts = dict(arrays)
    parts["weights0"] = parts["weights0"][:-1]
    out = io.BytesIO()
    np.savez(out, **parts)
    with pytest.raises(UnableToLoadModel, match="do not fit together"):
        unpack(out.getvalue())


@pytest.mark.django_db
def test_one_version_serves_and_an_earlier_one_comes_back(model: Model) -> None:
    assert store.load_serving("lamps") is None
    first, losing, second = (keep(model, serve=s) for s in (True, False, True))
    assert [kept.number for kept in (first, losing, second)] == [1, 2, 3]
    assert [(k.number, k.in_force) for k in store.list_kept("lamps")] == [
        (3, True),
        (2, False),
        (1, False),
    ]
    assert store.load_serving("lamps") is store.load_serving("lamps")
    out, now = store.go_back("lamps")
    assert (out.number, now and now.number) == (3, 1)
    assert store.find_serving("lamps") == now
    out, now = store.go_back("lamps")
    assert (out.number, now) == (1, None)
    assert store.load_serving("lamps") is None
    with pytest.raises(store.UnableToGoBack):
        store.go_back("lamps")
    assert Version.objects.count() == 3


@pytest.mark.django_db
def test_the_database_keeps_what_was_learnt_as_it_was(model: Model) -> None:
    kept = keep(model, serve=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=kept.id).update(content=b"other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.create(
            task="lamps",
            number=2,
            made_at=AT,
            learnt_until=AT,
            rows=1,
            content=b"",
            digest="",
            in_force=True,
            served_before=True,
        )
    assert Version.objects.get().rows == 90


@pytest.mark.django_db
def test_damaged_bytes_do_not_serve(model: Model) -> None:
    Version.objects.create(
        task="damaged",
        number=1,
        made_at=AT,
        learnt_until=AT,
        rows=1,
        content=pack(model)[:-1],
        digest=packing.digest(pack(model)),
        in_force=True,
        served_before=True,
    )
    with pytest.raises(UnableToLoadModel, match="not what was stored"):
        store.load_serving("damaged")


def test_better_means_right_alone_more_often_than_luck_allows() -> None:
    true = ["a", "b"] * 50
    wrong = ["b", "a"] * 50
    new = true[:90] + wrong[90:]
    old = true[:80] + wrong[80:90] + true[90:94] + wrong[94:]
    found = compare(true, new, old)
    assert (found.rows, found.new_right_alone, found.old_right_alone) == (100, 10, 4)
    assert found.chance == pytest.approx(0.0898, abs=1e-4)
    assert not found.is_better(chance_at_most=0.05, fewest_rows=80)
    assert found.is_better(chance_at_most=0.10, fewest_rows=80)
    assert not found.is_better(chance_at_most=0.10, fewest_rows=101)
    same = compare(true, new, new)
    assert (same.chance, same.is_better(chance_at_most=1.0, fewest_rows=1)) == (1.0, False)
