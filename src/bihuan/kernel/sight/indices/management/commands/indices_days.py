"""``bihuan indices days``: count the days afresh, or prove that they are what the records say."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.kernel.sight.indices import api as indices
from bihuan.platform import clock

SHOWN = 20


class Command(BaseCommand):
    """Verify or rebuild the counts of days."""

    help = "Prove the counts of each day against the records; --rebuild counts them afresh"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--first", default="", help="like 2026-06-01; 120 days ago by default")
        parser.add_argument("--last", default="", help="yesterday by default")
        parser.add_argument("--rebuild", action="store_true", help="count afresh")

    def handle(self, *args: object, **given: Any) -> None:
        """Count, or compare and say what differs; differences end with an error."""
        at = clock.now()
        yesterday = clock.business_date(at) - timedelta(days=1)
        last = _day(given["last"], yesterday)
        first = _day(given["first"], last - timedelta(days=119))
        if first > last or last > yesterday:
            raise CommandError("Whole days only: first, then last, at the latest yesterday.")
        if given["rebuild"]:
            made = indices.build_days(first, last, at=at)
            self.stdout.write(f"counted {first} to {last}: {made} rows")
            return
        found = indices.check_days(first, last)
        for day, area, kept, made_of in found[:SHOWN]:
            self.stdout.write(f"{day} {area}: kept {kept}, the records say {made_of}")
        if found:
            raise CommandError(f"{len(found)} differences; --rebuild counts afresh.")
        self.stdout.write(f"{first} to {last}: as the records say")


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no day; write it like 2026-06-01.") from error
