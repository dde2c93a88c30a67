"""Fill an empty demo database with the demo world."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.backends.signals import connection_created

from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Ref
from bihuan.kernel.sight.indices import api as indices
from bihuan.kernel.stage.facts import DemoWorldStands
from bihuan.kernel.stage.seeds import build_world, read_old_messages
from bihuan.platform import clock


def _hurry(connection: Any, **_: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


class Command(BaseCommand):
    """Build the demo world once."""

    help = "Fill an empty demo database with invented people, firms and matters"

    def handle(self, *args: object, **options: object) -> None:
        """Refuse outside the demo and on a database that is in use."""
        if not settings.BIHUAN_DEMO:
            raise CommandError("The demo world is for demo settings only.")
        if events.count_facts(name=DemoWorldStands.name):
            self.stdout.write("The world stands already.")
            return
        if events.count_facts():
            raise CommandError("The demo world was begun and not finished: run make demo-reset.")
        # The demo's data can be made again: no commit needs to wait for the disk.
        connection_created.connect(_hurry)
        connection.close()
        said = lambda words: self.stdout.write(f"  {words}")  # noqa: E731
        world = build_world(now=clock.now(), say=said, hands=4)
        clocks.fire_due_rungs(at=clock.now())
        while events.deliver_pending(at=clock.now()):
            pass
        read_old_messages(world)
        indices.keep_days(at=clock.now())
        done = DemoWorldStands(Ref("stage.world", "demo"))
        events.record(done, origin=SYSTEM, at=clock.now())
        self.stdout.write("The demo world stands.")
