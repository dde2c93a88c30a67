"""One line a test, the same everywhere; the full form is also kept under docs/trust."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAD = "name | N | bad | 95 % bound | control: caught k of n | seconds | seed | commit"


def commit() -> str:
    """Return the commit that is measured, with a plus sign when files differ from it."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


def bound(bad: int, n: int) -> str:
    """Return the upper bound of a fault for each trial: 3/N when none was seen."""
    if n == 0:
        return "–"
    return f"{min(1.0, 3 / n):.2%}" if bad == 0 else f"seen {bad / n:.2%}"


@dataclass(frozen=True, slots=True)
class Line:
    """What one test found, and that its control found what was planted."""

    name: str
    n: int
    bad: int
    control: str
    seconds: float
    seed: str

    def __str__(self) -> str:
        """Return the line that is printed."""
        cells = (
            self.name,
            str(self.n),
            str(self.bad),
            bound(self.bad, self.n),
            f"control: {self.control}",
            f"{self.seconds:.0f} s",
            self.seed,
            commit(),
        )
        return " | ".join(cells)


def is_full() -> bool:
    """Return whether the full form was asked for: ``make trust``."""
    return os.environ.get("BIHUAN_TRUST") == "full"


def tell(line: Line, *remarks: str) -> None:
    """Print the line; in the full form also keep it."""
    print(f"\ntrust: {line}")
    for remark in remarks:
        print(f"trust:   {remark}")
    if not is_full():
        return
    day = datetime.now(tz=UTC).date().isoformat()
    kept = ROOT / "docs" / "trust" / f"{day}.md"
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        kept.write_text(f"# Trust tests, {day}\n\n    {HEAD}\n", encoding="utf-8")
    with kept.open("a", encoding="utf-8") as out:
        out.write(f"\n    {line}\n" + "".join(f"\n- {remark}" for remark in remarks) + "\n")
