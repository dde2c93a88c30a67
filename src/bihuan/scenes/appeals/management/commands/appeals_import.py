"""``bihuan appeals import FILE``: take in the matters of another centre."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from bihuan.kernel.affairs.cases.types import MAY_RAISE
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.importing import running, sheets, words
from bihuan.scenes.appeals.importing.types import SOURCES, Field, Options, Preview, RowFault, Run

EXIT_ROWS = 3
"""The file was taken in, but rows were refused."""


class Command(BaseCommand):
    """Read, check, and take in a file by batches that can be stopped and resumed."""

    help = "Take in matters from a CSV or Excel file; stopped, it goes on where it was"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        add = parser.add_argument
        add("file", type=Path, help="CSV (UTF-8 or GBK) or Excel file")
        add("--source", default="import", choices=SOURCES, help="where the matters come from")
        add("--map", action="append", default=[], metavar="text=列名", dest="mapping")
        add("--date-column", help="column with the moment of receipt")
        add("--place-column", help="column with the place")
        add("--from", type=_day, dest="first", help="spread rows without a date from this day")
        add("--until", type=_day, dest="last", help="to this day (today)")
        add("--area", default="", help="code or name of the area in which all of it lies")
        add("--spread-over", default="", help="for trials: spread rows over an area's villages")
        add("--dry-run", action="store_true", help="show what would happen, write nothing")
        add("--errors", type=Path, help="write the rows that must be mended to this CSV file")
        add("--json", action="store_true", dest="as_json", help="print figures as JSON")
        add("--again", action="store_true", help="take a file in a second time on purpose")
        add("--batch", type=int, default=running.BATCH, help="rows for each transaction")

    def handle(self, *args: object, **given: Any) -> None:
        """Carry it out; every refusal is one plain sentence."""
        scope = registry.system_scope("appeals.import", (MAY_RAISE,))
        at = clock.now()
        try:
            file = running.open_file(given["file"], _options(given), name=str(given["file"]))
            if given["dry_run"]:
                self._preview(file, given, scope, at)
                return
            run = self._run(file, given, scope, at)
        except Refused as refused:
            raise CommandError(refused.spoken()) from refused
        if run.counts.refused:
            sys.exit(EXIT_ROWS)

    def _preview(
        self, file: running.Opening, given: dict[str, Any], scope: Scope, at: datetime
    ) -> None:
        faults: list[RowFault] = []
        seen = running.look(file, scope=scope, at=at, note=faults.append)
        _write_faults(tuple(faults), given["errors"])
        if given["as_json"]:
            self.stdout.write(json.dumps(_preview_json(seen), ensure_ascii=False))
            return
        self.stdout.write(_preview_words(seen))
        self._faults(seen.faults[:20], seen.refused)

    def _run(self, file: running.Opening, given: dict[str, Any], scope: Scope, at: datetime) -> Run:
        again = bool(given["again"])
        run = running.begin(file, name=given["file"].name, scope=scope, at=at, again=again)
        before = run
        quiet = given["as_json"] or not self.stdout.isatty()
        if not given["as_json"]:
            self._say_beginning(run)
        bar = nullcontext() if quiet else _bar()
        with bar as shown:
            task = None if shown is None else shown.add_task("", total=run.whole)
            if shown is not None and task is not None:
                shown.update(task, completed=run.counts.done)

            def say(now: Run) -> None:
                if shown is not None and task is not None:
                    shown.update(task, completed=now.counts.done)

            run = running.carry_on(
                run.id, file, scope=scope, at=at, batch=max(1, given["batch"]), say=say
            )
        faults = running.list_faults(run.id)
        _write_faults(faults, given["errors"])
        if given["as_json"]:
            self.stdout.write(json.dumps(_run_json(run, before), ensure_ascii=False))
            return run
        self.stdout.write(
            _("%(made)s new, %(unchanged)s unchanged, %(refused)s refused, of %(whole)s rows.")
            % _figures(run)
        )
        self._faults(faults[:20], run.counts.refused)
        return run

    def _say_beginning(self, run: Run) -> None:
        told = {"encoding": words.encoding_words(run.encoding), "rows": f"{run.whole:,}"}
        self.stdout.write(_("Read as %(encoding)s, %(rows)s rows.") % told)
        if run.state == "done":
            day = {"day": f"{run.began_at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"}
            self.stdout.write(_("The same file as on %(day)s. Nothing new in it.") % day)
        elif run.counts.done:
            told = {"done": f"{run.counts.done:,}"}
            self.stdout.write(_("Goes on behind row %(done)s, where it stopped.") % told)

    def _faults(self, faults: tuple[RowFault, ...], refused: int) -> None:
        for error in words.row_errors(faults):
            told = {"row": error.row, "column": error.column, "written": error.written}
            self.stdout.write(_("  row %(row)s, %(column)s: “%(written)s”. ") % told + error.mend)
        if refused > len(faults):
            self.stdout.write(_("  The rest stands in the file of --errors."))


def _bar() -> Progress:
    columns = (
        TextColumn(_("Taking in")),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(_("time left")),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("Write a day as 2026-06-24.")) from error


def _options(given: dict[str, Any]) -> Options:
    mapping: dict[Field, str] = {}
    for item in given["mapping"]:
        name, sign, header = item.partition("=")
        if not sign or name not in set(Field):
            known = ", ".join(Field)
            raise CommandError(
                _("--map wants NAME=COLUMN, with NAME one of %(names)s.") % {"names": known}
            )
        mapping[Field(name)] = header
    for name, option in ((Field.DATE, "date_column"), (Field.PLACE, "place_column")):
        if given[option]:
            mapping[name] = given[option]
    return Options(
        source=given["source"],
        mapping=tuple(sorted(mapping.items())),
        area=given["area"],
        spread_over=given["spread_over"],
        first=given["first"],
        last=given["last"],
    )


def _write_faults(faults: tuple[RowFault, ...], path: Path | None) -> None:
    if path is not None:
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            sheets.write_errors(words.row_errors(faults), out)


def _figures(run: Run) -> dict[str, str]:
    counts = run.counts
    named = {
        "whole": run.whole,
        "made": counts.made,
        "unchanged": counts.unchanged,
        "refused": counts.refused,
    }
    return {name: f"{count:,}" for name, count in named.items()}


def _run_json(run: Run, before: Run) -> dict[str, object]:
    return {
        "import": run.id,
        "file": run.name,
        "encoding": run.encoding,
        "state": run.state,
        "rows": run.whole,
        "new": run.counts.made,
        "unchanged": run.counts.unchanged,
        "refused": run.counts.refused,
        "new_now": run.counts.made - before.counts.made,
        "resumed_behind": before.counts.done,
    }


def _preview_json(seen: Preview) -> dict[str, object]:
    return {
        "encoding": seen.encoding,
        "rows": seen.rows,
        "new": seen.fresh,
        "unchanged": seen.standing,
        "refused": seen.refused,
        "columns": {str(name): header for name, header in seen.used},
        "classes": dict(seen.classes),
    }


def _preview_words(seen: Preview) -> str:
    lines = [
        _("Read as %(encoding)s, %(rows)s rows.")
        % {"encoding": words.encoding_words(seen.encoding), "rows": f"{seen.rows:,}"},
        *(
            _("  “%(header)s” holds %(what)s.")
            % {"header": header, "what": words.field_words(name)}
            for name, header in seen.used
        ),
        _("Would be new: %(fresh)s. Stand already: %(standing)s. To mend: %(refused)s.")
        % {"fresh": seen.fresh, "standing": seen.standing, "refused": seen.refused},
        _("Nothing was written."),
    ]
    return "\n".join(lines)
