"""``bihuan cases count``: how many matters stand where."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import MAY_SEE, Filter, KindCode, State
from bihuan.kernel.ground.registry import api as registry
from bihuan.platform import clock


class Command(BaseCommand):
    """Count matters by state, in the whole installation or one area."""

    help = "Count matters by state; --json for machines"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--area", default="", help="code of an area")
        parser.add_argument("--kind", default="", help="appeal or hazard")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, **given: Any) -> None:
        """Print one line a state, and the sum."""
        path = ""
        if given["area"]:
            area = registry.find_area(given["area"])
            if area is None:
                raise CommandError(f"There is no area with the code {given['area']}.")
            path = area.path
        scope, at = registry.system_scope("cases.count", (MAY_SEE,)), clock.now()
        kind = KindCode(given["kind"]) if given["kind"] else None
        counts = {
            state.value: cases.count_cases(
                scope=scope, wanted=Filter(kind=kind, states=(state,), area_path=path), at=at
            )
            for state in State
        }
        if given["as_json"]:
            self.stdout.write(json.dumps({"states": counts, "all": sum(counts.values())}))
            return
        for state, count in counts.items():
            self.stdout.write(f"{state:<12} {count:>9,}")
        self.stdout.write(f"{'all':<12} {sum(counts.values()):>9,}")
