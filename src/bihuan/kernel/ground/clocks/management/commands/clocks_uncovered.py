"""``bihuan clocks uncovered``: what no clock, review date, master or rung covers."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.platform import clock


class Command(BaseCommand):
    """List what could be forgotten; end with an error when there is anything."""

    help = "list what could be forgotten: no clock, no rung, nobody to tell (expected: nothing)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--json``."""
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is uncovered."""
        found = clocks.list_uncovered(at=clock.now())
        if options["json"]:
            rows = [
                {"why": u.why, "subject": str(u.subject), "number": u.number, "note": u.note}
                for u in found
            ]
            self.stdout.write(
                json.dumps({"count": len(rows), "uncovered": rows}, ensure_ascii=False)
            )
        else:
            for one in found:
                self.stdout.write(f"{one.why}\t{one.number or one.subject}\t{one.note}")
            self.stdout.write(f"{len(found)} uncovered")
        if found:
            raise SystemExit(1)
