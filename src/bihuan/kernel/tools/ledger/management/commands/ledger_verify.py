"""``bihuan ledger verify [BOOK] [--json]``: read every leg and prove every balance."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bihuan.kernel.tools.ledger import api as ledger
from bihuan.kernel.tools.ledger.types import Verified


class Command(BaseCommand):
    """Prove the books."""

    help = "Read every leg, prove that entries balance and that kept balances equal their replay."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take an optional book, and the form of the answer."""
        parser.add_argument("book", nargs="?", help="code of one book; all of them without it")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_: Any, book: str | None, **options: Any) -> None:
        """Print what was found; leave with 1 when something is wrong or there is no such book."""
        found = ledger.verify(book)
        missing = book is not None and not found
        sound = all(one.sound for one in found) and not missing
        if options["json"]:
            books = [dataclasses.asdict(one) | {"sound": one.sound} for one in found]
            self.stdout.write(json.dumps({"sound": sound, "books": books}, ensure_ascii=False))
        else:
            for one in found:
                self.stdout.write(_line(one))
            if not found:
                self.stdout.write("no such book" if missing else "no books yet")
        if not sound:
            sys.exit(1)


def _line(one: Verified) -> str:
    verdict = "sound" if one.sound else "WRONG"
    faults = dataclasses.asdict(one)
    wrong = ", ".join(f"{name} {n}" for name, n in list(faults.items())[4:] if n)
    return f"{one.book}: {verdict}, {one.entries} entries, {one.legs} legs  {wrong}".rstrip()
