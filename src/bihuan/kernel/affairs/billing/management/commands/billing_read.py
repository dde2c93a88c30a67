"""``bihuan billing read --channel wechat|alipay|camt FILE [--json]``: say what a file holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bihuan.kernel.affairs.billing.statements import Statement, Unreadable, read_statement


class Command(BaseCommand):
    """Read a bill or statement, and change nothing."""

    help = "Read a channel's bill or a bank's statement: rows, sums, fees, and what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the channel, the file, and the form of the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--channel", required=True, choices=["wechat", "alipay", "camt"])
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_: Any, file: Path, channel: str, **options: Any) -> None:
        """Print what was found; leave with 1 when the file contradicts itself or was cut short."""
        try:
            found = read_statement(channel, file.read_bytes())
        except OSError as error:
            found = Statement(channel, "", (), 0, 0, (f"{file}: {error.strerror}",))
        except Unreadable as error:
            found = Statement(channel, "", (), 0, 0, (str(error),))
        if options["json"]:
            answer = {
                "channel": channel,
                "form": found.form,
                "rows": len(found.rows),
                "total_fen": found.total_fen,
                "fee_fen": found.fee_fen,
                "problems": list(found.problems),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            total, fee = found.total_fen / 100, found.fee_fen / 100
            self.stdout.write(f"{len(found.rows)} rows, {total:,.2f} yuan, fees {fee:,.2f}")
            for problem in found.problems:
                self.stdout.write(f"  {problem}")
        if found.problems:
            sys.exit(1)
