"""``bihuan assessments import FILE.xlsx --preview --json``: a questionnaire written in Excel."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bihuan.kernel.ground.events.types import Door, Origin
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.cells import UnableToReadForm
from bihuan.kernel.tools.assessments.types import MAY_PUBLISH, Version, VersionId
from bihuan.kernel.tools.assessments.web import SheetItem, sheet_of
from bihuan.kernel.tools.assessments.xlsform import Imported, read_xlsform
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused


class Command(BaseCommand):
    """Read an XLSForm; show it, or publish it as the next version."""

    help = "Read a questionnaire from an Excel file (XLSForm); --preview publishes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and how to answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="show it, publish nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer in JSON")
        parser.add_argument("--grant", default="", help="number of the licence's grant")

    def handle(self, *args: object, **options: Any) -> None:
        """Show what must be mended, by sheet, row and column; or show or publish the form."""
        try:
            read = read_xlsform(options["file"].read_bytes())
            version = None if options["preview"] else self._publish(read, options["grant"])
        except OSError as error:
            raise CommandError(str(error)) from error
        except Refused as refused:
            self._refuse(refused, as_json=options["as_json"])
            return
        if options["as_json"]:
            self.stdout.write(_as_json(read, version))
        else:
            self._show(read, version)

    def _publish(self, read: Imported, grant: str) -> Version:
        scope = registry.system_scope("assessments import", [MAY_PUBLISH])
        return assessments.publish_version(
            read.definition,
            valid_from=read.valid_from,
            licence_grant=grant,
            scope=scope.through(Origin(Door.CLI, words="assessments import")),
            at=clock.now(),
        )

    def _refuse(self, refused: Refused, *, as_json: bool) -> None:
        faults = refused.faults if isinstance(refused, UnableToReadForm) else ()
        if as_json:
            told = {"ok": False, "words": refused.spoken(), "faults": [asdict(f) for f in faults]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        for fault in () if as_json else faults:
            place = f"{fault.sheet}!{fault.column}{fault.row}"
            self.stdout.write(f"{place}\t{fault.written}\t{fault.words}")
        raise CommandError(refused.spoken())

    def _show(self, read: Imported, version: Version | None) -> None:
        sheet = sheet_of(version or _drawn(read), {}, every=True)
        self.stdout.write(f"{sheet.title} · {sheet.code} · {read.valid_from}")
        for section in sheet.sections:
            if section.title:
                self.stdout.write(f"\n{section.title}")
            for item in section.items:
                self.stdout.write(_line(item))
        for words in read.not_taken:
            self.stdout.write(f"- {words}")
        if version is not None:
            self.stdout.write(f"→ {version.number} · {version.content_hash[:8]}")


def _drawn(read: Imported) -> Version:
    digest = assessments.hash_definition(read.definition)
    return Version(VersionId(0), 0, digest, read.valid_from, read.definition)


def _line(item: SheetItem) -> str:
    options = " / ".join(option.text for option in item.options)
    condition = f"  [{item.condition}]" if item.condition else ""
    return f"{item.number or '·'} {item.text}  {options or item.type}{condition}"


def _as_json(read: Imported, version: Version | None) -> str:
    told = {
        "ok": True,
        "published": version.number if version else None,
        "valid_from": read.valid_from.isoformat(),
        "content_hash": assessments.hash_definition(read.definition),
        "not_taken": list(read.not_taken),
        "definition": assessments.to_data(read.definition),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
