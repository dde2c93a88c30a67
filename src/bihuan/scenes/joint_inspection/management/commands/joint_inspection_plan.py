"""``bihuan joint-inspection plan``: draw and merge next year's plan, and say what merging saves."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from bihuan.kernel.ground.registry import api as registry
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused
from bihuan.scenes.joint_inspection import planning
from bihuan.scenes.joint_inspection.types import MAY_PLAN


class Command(BaseCommand):
    """Make a year's plan of an area."""

    help = "Make next year's plan of joint inspections: visits before and after merging"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--area", default="330402105", help="code of the town or county")
        parser.add_argument("--year", type=int, default=0, help="the year; without it, the next")
        parser.add_argument("--seed", default="", help="the public seed; without it, a fresh one")

    def handle(self, *args: object, **given: Any) -> None:
        """Draw, merge, keep as a draft, and print the counts."""
        at = clock.now()
        year = given["year"] or clock.business_date(at).year + 1
        seed = given["seed"] or secrets.token_hex(16)
        scope = registry.system_scope("joint_inspection", (MAY_PLAN,))
        with Progress(transient=True) as bar:
            shown = bar.add_task("visits", total=None)

            def progress(done: int, whole: int) -> None:
                bar.update(shown, completed=done, total=whole)

            try:
                made = planning.draft_plan(
                    given["area"], year, seed=seed, scope=scope, at=at, progress=progress
                )
            except Refused as refused:
                raise CommandError(refused.spoken()) from refused
        if made.repeated:
            self.stdout.write(f"{year}: this plan stands already; nothing was changed.")
        else:
            self.stdout.write(f"{year}: drawn by the seed {seed}")
        saved = 1 - made.after / made.before if made.before else 0
        self.stdout.write(f"firms                  {made.firms:>8,}")
        self.stdout.write(f"visits before merging  {made.before:>8,}")
        self.stdout.write(f"visits after merging   {made.after:>8,}   {saved:.0%} fewer")
