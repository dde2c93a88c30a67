"""``bihuan billing reconcile --channel wechat|alipay FILE [--day DAY] [--json]``: compare a day.

It reads a channel's bill, compares it with what was taken, and prints the differences. The same
file again changes nothing. Leaves with 1 when the file cannot be trusted, with 2 when differences
stand.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bihuan.kernel.affairs.billing.statements import Row, Unreadable, read_statement
from bihuan.kernel.affairs.settlement import api as settlement
from bihuan.kernel.affairs.settlement.types import MAY_READ, MAY_RECONCILE, Day, TheirLine
from bihuan.kernel.ground.registry import api as registry
from bihuan.platform import clock
from bihuan.platform.web.errors import Refused


class Command(BaseCommand):
    """Compare a channel's day."""

    help = "Compare a channel's bill with what was taken, to the fen, and keep the differences."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the channel, the file, the day and who holds differences."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--channel", required=True, choices=["wechat", "alipay"])
        parser.add_argument(
            "--day", type=date.fromisoformat, help="the day of most rows without it"
        )
        parser.add_argument("--holder", default="clearing", help="who holds new differences")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_: Any, file: Path, channel: str, **options: Any) -> None:
        """Read, compare, print."""
        try:
            found = read_statement(channel, file.read_bytes())
            problems = list(found.problems)
            lines = [] if problems else [line_of(row) for row in found.rows]
        except (OSError, Unreadable) as error:
            problems, lines = [str(error)], []
        if problems or not lines:
            self._say(options["json"], {"problems": problems or ["the bill holds no row"]})
            sys.exit(1)
        days = Counter(clock.business_date(line.at) for line in lines)
        day = options["day"] or days.most_common(1)[0][0]
        scope = registry.system_scope("billing.reconcile", (MAY_RECONCILE, MAY_READ))
        try:
            settlement.load_bill(channel, lines, day=day, scope=scope, at=clock.now())
            held = settlement.match_day(
                channel, day=day, holder=options["holder"], scope=scope, at=clock.now()
            )
        except Refused as refused:
            self._say(options["json"], {"problems": [refused.spoken()]})
            sys.exit(1)
        self._say(options["json"], answer(held))
        if held.open_differences:
            sys.exit(2)

    def _say(self, as_json: bool, told: dict[str, Any]) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
            return
        for name, value in told.items():
            self.stdout.write(f"{name}: {value}")


def line_of(row: Row) -> TheirLine:
    """Return a row of a bill as settlement compares it."""
    at = datetime.strptime(row.at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.CHINA)
    return TheirLine(row.kind, row.out_trade_no, row.transaction_id, row.amount_fen, at)


def answer(day: Day) -> dict[str, Any]:
    """Return what is printed of a day."""
    return {
        "day": day.day,
        "state": day.state.value,
        "ours_fen": day.ours_fen,
        "theirs_fen": day.theirs_fen,
        "differences": [
            {
                "kind": one.kind.value,
                "reference": one.reference,
                "ours_fen": one.ours_fen,
                "theirs_fen": one.theirs_fen,
                "holder": one.holder,
            }
            for one in day.open_differences
        ],
    }
