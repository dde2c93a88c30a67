"""Write the life of a matter from its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bihuan.kernel.affairs.cases.lifecycle import HAZARD_LIFE, STANDARD_LIFE
from bihuan.kernel.affairs.cases.web.diagram import life_page

OUT = Path("docs") / "reference" / "life-of-a-matter.md"


class Command(BaseCommand):
    """Write the diagram and the table, or say whether they are what the code says."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Take where to write, and whether only to compare."""
        parser.add_argument("--out", type=Path, default=OUT)
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write or compare."""
        text = life_page((STANDARD_LIFE, HAZARD_LIFE))
        out: Path = options["out"]
        if not options["check"]:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote {out}")
        elif not out.exists() or out.read_text(encoding="utf-8") != text:
            raise CommandError(f"{out} is older than the table: run `bihuan cases diagram`")
