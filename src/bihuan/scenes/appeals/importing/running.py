"""Carrying out an import: looked at first, then taken in by batches, each one transaction.

A batch commits its matters, its faults and the run's counts together. A process that is killed
leaves whole batches behind; the next one reads on where the counts say. Running twice changes
nothing: the run is known by the file's hash and its options, and each row by its number or by a
hash of its contents.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import MAY_RAISE, Opened
from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.database import bulk
from bihuan.platform.jobs import queue
from bihuan.platform.web.errors import Conflict, NotAllowed, NotFound, Refused
from bihuan.scenes.appeals.importing import reading
from bihuan.scenes.appeals.importing.columns import map_columns
from bihuan.scenes.appeals.importing.judging import Judge, Judged
from bihuan.scenes.appeals.importing.reading import Table
from bihuan.scenes.appeals.importing.types import (
    SOURCES,
    Columns,
    Counts,
    Fault,
    Field,
    ImportId,
    Options,
    Preview,
    Row,
    RowFault,
    Run,
    Sample,
)
from bihuan.scenes.appeals.models import ImportFault, ImportRun

BATCH = 1000
SAMPLES = 5
SHOWN_FAULTS = 200

Progress = Callable[[Run], None]


class Overtaken(Conflict):
    """Another process takes in the same file just now."""


class UnableToImport(Refused):
    """The options do not hold for this file."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A file that can be taken in: its table, its columns, how many rows it has."""

    table: Table
    columns: Columns
    options: Options
    digest: str
    whole: int


# -- looking at it --------------------------------------------------------------------------------


def open_file(path: Path, options: Options, *, name: str = "") -> Opening:
    """Read a file through once and find its columns.

    Raises:
        UnableToRead, UnableToMap, UnableToImport: with what to do.
    """
    if options.source not in SOURCES:
        raise UnableToImport(
            "There is no source “%(source)s”. Known are: %(sources)s.",
            code="no_source",
            field="source",
            source=options.source,
            sources=", ".join(SOURCES),
        )
    table = reading.open_table(path, name=name)
    columns = map_columns(table.headers, options.mapping)
    whole = sum(1 for _ in table.rows())
    if not whole:
        raise UnableToImport("Under the headers the file has no rows.", code="no_rows")
    return Opening(table, columns, options, reading.digest_of(path), whole)


def look(
    file: Opening,
    *,
    scope: Scope,
    at: datetime,
    batch: int = BATCH,
    note: Callable[[RowFault], None] = lambda fault: None,
) -> Preview:
    """Return what taking in the file would do. Nothing is written."""
    judge = Judge(file.columns, file.options, whole=file.whole, scope=scope, at=at)
    counted: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    faults: list[RowFault] = []
    samples: list[Sample] = []
    seen: set[str] = set()
    for rows in _batches(file.table.rows(), batch):
        judged = judge.judge(rows)
        good = [one.what for one in judged if one.what is not None]
        keys = {what.source_key for what in good}
        stands = cases.standing_source_keys(file.options.source, keys) | (seen & keys)
        for what in good:
            counted["standing" if what.source_key in stands else "fresh"] += 1
            stands.add(what.source_key)
            classes[what.class_code] += 1
        seen |= keys if Field.NUMBER in file.columns.places else set()
        counted["refused"] += sum(one.what is None for one in judged)
        for one in judged:
            faults += one.faults[: max(0, SHOWN_FAULTS - len(faults))]
            for fault in one.faults:
                note(fault)
        samples += [_sample(one) for one in judged if one.what][: SAMPLES - len(samples)]
    return Preview(
        rows=file.whole,
        fresh=counted["fresh"],
        standing=counted["standing"],
        refused=counted["refused"],
        faults=tuple(faults),
        samples=tuple(samples),
        classes=tuple(classes.most_common()),
        encoding=file.table.encoding,
        used=tuple((name, file.columns.headers[n]) for name, n in file.columns.places.items()),
    )


def _sample(one: Judged) -> Sample:
    assert one.what is not None
    what = one.what
    day = one.received.isoformat()
    return Sample(one.row, what.title, what.class_code, what.area_path, day)


# -- beginning ------------------------------------------------------------------------------------


def begin(file: Opening, *, name: str, scope: Scope, at: datetime, again: bool = False) -> Run:
    """Note the file down, or find the note of before: the same file with the same options.

    Raises:
        NotAllowed: the scope may not raise matters.
        UnableToImport: the file was taken in before as another source or with other columns.
    """
    if not scope.has(MAY_RAISE):
        raise NotAllowed("Your post may not raise a matter.")
    if not again:
        _require_same_reading(file)
    row, _ = ImportRun.objects.get_or_create(
        digest=file.digest,
        fingerprint=_fingerprint(file.options),
        defaults={
            "name": name[-200:],
            "source": file.options.source,
            "options": file.options.plain(),
            "encoding": file.table.encoding,
            "whole": file.whole,
            "account_id": scope.origin.account_id,
            "post_id": scope.post_id,
            "began_at": at,
            "moved_at": at,
        },
    )
    return to_run(row)


def _require_same_reading(file: Opening) -> None:
    """Refuse to read a file twice in two ways: its rows would stand twice."""
    for row in ImportRun.objects.filter(digest=file.digest, done__gt=0):
        before = Options.from_plain(row.options)
        if (before.source, before.mapping) != (file.options.source, file.options.mapping):
            raise UnableToImport(
                "This file was taken in before (%(day)s, source %(source)s) and would stand "
                "twice. If that is meant, say so (--again).",
                code="read_otherwise",
                day=row.began_at.date().isoformat(),
                source=row.source,
            )


def _fingerprint(options: Options) -> str:
    text = json.dumps(options.plain(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


# -- carrying on ----------------------------------------------------------------------------------


def carry_on(
    import_id: ImportId,
    file: Opening,
    *,
    scope: Scope,
    at: datetime,
    batch: int = BATCH,
    say: Progress = lambda run: None,
) -> Run:
    """Take in the rows that are still missing, batch by batch; return where it stands.

    Raises:
        Overtaken: another process takes in the same file just now.
        NotAllowed: the scope may not raise matters any more.
    """
    row = ImportRun.objects.get(pk=import_id)
    if row.state == ImportRun.State.DONE:
        return to_run(row)
    acting = scope.through(replace(scope.origin, door=Door.IMPORT, words=f"import {row.pk}"))
    judge = Judge(file.columns, file.options, whole=file.whole, scope=acting, at=at)
    rows = file.table.rows()
    done = row.done
    for passed in islice(rows, done):
        judge.pass_over(passed)
    for some in _batches(rows, batch):
        run = _take_in(import_id, done, judge.judge(some), scope=acting, at=at)
        done = run.counts.done
        say(run)
    return _finish(import_id, at=at)


def _take_in(
    import_id: ImportId, start: int, judged: list[Judged], *, scope: Scope, at: datetime
) -> Run:
    """Write one batch: matters, faults and counts in one transaction."""
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=import_id)
        if row.done != start:
            raise Overtaken("Somebody takes in this file just now. Look at its page.")
        made = _open(judged, scope=scope, at=at)
        faults = [fault for one in judged for fault in one.faults]
        bulk.insert_rows([_fault_row(row, fault) for fault in faults])
        row.done += len(judged)
        row.refused += sum(one.what is None for one in judged)
        row.unchanged += sum(opened.repeated for opened in made)
        row.made += sum(not opened.repeated for opened in made)
        row.state, row.moved_at, row.trouble = ImportRun.State.RUNNING, at, ""
        row.started_at = row.started_at or at
        row.save()
    return to_run(row)


def _open(judged: list[Judged], *, scope: Scope, at: datetime) -> list[Opened]:
    good = [(one.what, one.received) for one in judged if one.what is not None]
    return cases.open_cases(
        [what for what, _ in good],
        scope=scope,
        at=at,
        received=[received for _, received in good],
    )


def _fault_row(run: ImportRun, fault: RowFault) -> ImportFault:
    return ImportFault(
        run=run,
        row=fault.row,
        column=fault.column[:120],
        written=fault.written,
        fault=fault.fault.value,
        hint=fault.hint,
    )


def _finish(import_id: ImportId, *, at: datetime) -> Run:
    with transaction.atomic():
        row = ImportRun.objects.select_for_update().get(pk=import_id)
        if row.state != ImportRun.State.DONE:
            row.state, row.ended_at, row.moved_at = ImportRun.State.DONE, at, at
            row.save()
    return to_run(row)


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while some := list(islice(rows, size)):
        yield some


# -- finding it again -----------------------------------------------------------------------------


def to_run(row: ImportRun) -> Run:
    """Return an import as a value."""
    return Run(
        id=ImportId(row.pk),
        name=row.name,
        source=row.source,
        state=row.state,
        whole=row.whole,
        counts=Counts(row.done, row.made, row.unchanged, row.refused),
        encoding=row.encoding,
        options=Options.from_plain(row.options),
        digest=row.digest,
        began_at=row.began_at,
        started_at=row.started_at,
        moved_at=row.moved_at,
        ended_at=row.ended_at,
        account_id=row.account_id,
        post_id=row.post_id,
        preview=row.preview,
        trouble=row.trouble,
    )


def get(import_id: ImportId, *, account_id: int | None = None) -> Run:
    """Return an import; with `account_id`, only if that account sent the file.

    Raises:
        NotFound: there is none.
    """
    rows = ImportRun.objects.filter(pk=import_id)
    row = (rows if account_id is None else rows.filter(account_id=account_id)).first()
    if row is None:
        raise NotFound("There is no such import, or somebody else sent it.")
    return to_run(row)


def list_own(account_id: int, *, limit: int = 20) -> tuple[Run, ...]:
    """Return the imports that an account began, the newest first."""
    rows = ImportRun.objects.filter(account_id=account_id).order_by("-began_at")[:limit]
    return tuple(to_run(row) for row in rows)


def keep_preview(import_id: ImportId, seen: Preview) -> None:
    """Keep what taking in the file would do, for the page on which it is confirmed."""
    kept = {
        "fresh": seen.fresh,
        "standing": seen.standing,
        "refused": seen.refused,
        "faults": [asdict(fault) for fault in seen.faults],
        "samples": [asdict(sample) for sample in seen.samples],
        "used": [[str(name), header] for name, header in seen.used],
    }
    ImportRun.objects.filter(pk=import_id).update(preview=kept)


def start(import_id: ImportId, *, at: datetime) -> None:
    """Let the worker take the file in; asked again, it goes on where it stands."""
    ImportRun.objects.filter(pk=import_id).exclude(state=ImportRun.State.DONE).update(
        state=ImportRun.State.RUNNING, moved_at=at, trouble=""
    )
    queue.defer("appeals.import", import_id=import_id)


def stop(import_id: ImportId, why: str, *, at: datetime) -> None:
    """Note why an import cannot go on."""
    ImportRun.objects.filter(pk=import_id).update(
        state=ImportRun.State.BROKEN, trouble=why[:300], moved_at=at
    )


def list_faults(import_id: ImportId, *, limit: int | None = None) -> tuple[RowFault, ...]:
    """Return the wrong cells of an import, by row."""
    rows = ImportFault.objects.filter(run=import_id).order_by("row", "pk")[:limit]
    return tuple(
        RowFault(row.row, row.column, row.written, Fault(row.fault), row.hint) for row in rows
    )
