"""Keeps versions of classifiers in the database: one serves, each can come back."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.platform.database.locks import lock_words
from bihuan.platform.learning.model import Model
from bihuan.platform.learning.models import Version
from bihuan.platform.learning.packing import UnableToLoadModel, digest, pack, unpack

_loaded: dict[str, tuple[int, Model]] = {}
_loading = threading.Lock()


class UnableToGoBack(ValueError):
    """There is no earlier version that served."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One version, without its arrays."""

    id: int
    task: str
    number: int
    made_at: datetime
    learnt_until: datetime
    rows: int
    figures: Mapping[str, Any]
    in_force: bool


def lock_task(task: str) -> None:
    """Let one at a time learn, serve or take back for a task, until the transaction ends."""
    lock_words(f"learning.{task}")


def keep(
    task: str,
    model: Model,
    *,
    at: datetime,
    learnt_until: datetime,
    rows: int,
    figures: Mapping[str, Any],
    serve: bool,
) -> Kept:
    """Store a version; with `serve` it takes the place of the one that serves."""
    content = pack(model)
    with transaction.atomic():
        lock_task(task)
        last = Version.objects.filter(task=task).order_by("-number").first()
        if serve:
            Version.objects.filter(task=task, in_force=True).update(in_force=False)
        row = Version.objects.create(
            task=task,
            number=last.number + 1 if last else 1,
            made_at=at,
            learnt_until=learnt_until,
            rows=rows,
            content=content,
            digest=digest(content),
            figures=dict(figures),
            in_force=serve,
            served_before=serve,
        )
    return _kept(row)


def go_back(task: str) -> tuple[Kept, Kept | None]:
    """Take the serving version out; the last one before it that served takes its place, or none.

    Raises:
        UnableToGoBack: none serves.
    """
    with transaction.atomic():
        lock_task(task)
        rows = Version.objects.defer("content").filter(task=task)
        serving = rows.filter(in_force=True).first()
        if serving is None:
            raise UnableToGoBack("No learnt version serves; the rules without history do.")
        before = rows.filter(served_before=True, number__lt=serving.number)
        earlier = before.order_by("-number").first()
        Version.objects.filter(pk=serving.pk).update(in_force=False, served_before=True)
        if earlier is not None:
            Version.objects.filter(pk=earlier.pk).update(in_force=True)
    return replace(_kept(serving), in_force=False), (
        replace(_kept(earlier), in_force=True) if earlier else None
    )


def list_kept(task: str) -> tuple[Kept, ...]:
    """Return every version of a task, the newest first."""
    rows = Version.objects.defer("content").filter(task=task).order_by("-number")
    return tuple(_kept(row) for row in rows)


def find_serving(task: str) -> Kept | None:
    """Return the version that serves, without its arrays."""
    row = Version.objects.defer("content").filter(task=task, in_force=True).first()
    return _kept(row) if row else None


def load_serving(task: str) -> Model | None:
    """Return the model that serves, or None; its arrays are read once in each process.

    Raises:
        UnableToLoadModel: it was made by another version of the program, or was damaged.
    """
    serving = Version.objects.filter(task=task, in_force=True)
    found = serving.values_list("pk", flat=True).first()
    if found is None:
        return None
    known = _loaded.get(task)
    if known is not None and known[0] == found:
        return known[1]
    with _loading:
        row = Version.objects.get(pk=found)
        content = bytes(row.content)
        if digest(content) != row.digest:
            raise UnableToLoadModel(f"Version {row.number} of {task} is not what was stored.")
        model = unpack(content)
        _loaded[task] = (found, model)
    return model


def _kept(row: Version) -> Kept:
    return Kept(
        row.pk,
        row.task,
        row.number,
        row.made_at,
        row.learnt_until,
        row.rows,
        row.figures,
        row.in_force,
    )
