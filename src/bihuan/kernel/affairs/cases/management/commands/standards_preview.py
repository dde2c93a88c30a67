"""``bihuan standards preview CODE VALUE``: which open matters a changed limit would move."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.ground.clocks.types import MANAGE_CALENDAR
from bihuan.kernel.ground.registry import api as registry
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused


class Command(BaseCommand):
    """Show what a changed limit would move; nothing is written."""

    help = "which open matters a limit would move; nothing is written"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the code, the value, ``--json``."""
        parser.add_argument("code")
        parser.add_argument("value", help='as JSON: {"amount": 4, "unit": "WH"}')
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what would move."""
        scope = registry.system_scope("standards.preview", (MANAGE_CALENDAR,))
        try:
            value = json.loads(options["value"])
            found = cases.preview_limit(options["code"], value, scope=scope, at=clock.now())
        except (ValueError, Refused) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            told = dataclasses.asdict(found) | {"count": len(found.movements)}
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
            return
        for one in found.movements:
            self.stdout.write(f"{one.number}\t{one.unit}\t{one.was_at}\t{one.due_at}")
        self.stdout.write(f"{len(found.movements)} would move, {found.extended} extended left out")
