"""Learn from closed matters: ``bihuan appeals train``; ``--back`` takes the version back."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.platform import clock
from bihuan.platform.learning import store
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals import learning


class Command(BaseCommand):
    """Learn, compare, let the better serve; or list versions, or take one back."""

    help = "Learn classes from closed matters; a version serves only if it is better on later ones"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which of the three."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--back", action="store_true", help="take the serving version out")
        which.add_argument("--list", action="store_true", help="list the versions")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: object, **options: Any) -> None:
        """Do one of the three."""
        scope = learning.teaching_scope("appeals.train")
        if options["list"]:
            self._list()
            return
        try:
            if options["back"]:
                out, now = learning.go_back(scope=scope, at=clock.now())
                self.stdout.write(f"version {out} is taken out; now in use: {_name(now)}")
                return
            found = learning.learn(scope=scope, at=clock.now())
        except Refused as refused:
            raise CommandError(refused.spoken()) from refused
        if options["json"]:
            self.stdout.write(json.dumps(dataclasses.asdict(found)))
            return
        say = self.stdout.write
        say(f"version {found.number} learnt from {found.learnt_from:,} closed matters")
        say(f"on {found.compared_on:,} later ones, against {_name(found.against)}:")
        say(f"  macro F1     {found.new_macro_f1:.4f} against {found.old_macro_f1:.4f}")
        say(f"  right alone  {found.new_right_alone} against {found.old_right_alone}")
        say(f"  by luck      {found.chance:.4f}")
        say("it serves now" if found.serves else f"it does not serve: {_name(found.against)} stays")

    def _list(self) -> None:
        for kept in store.list_kept(learning.TASK):
            mark = "*" if kept.in_force else " "
            figures = " ".join(f"{name}={value}" for name, value in kept.figures.items())
            self.stdout.write(
                f"{mark} {kept.number}  {kept.made_at:%F}  {kept.rows} rows  {figures}"
            )


def _name(number: int) -> str:
    return f"version {number}" if number else "the words of the classes"
