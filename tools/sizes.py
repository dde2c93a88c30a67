"""Sizes of functions, files and templates: a smell is told, a limit is refused.

The bounds are those of the house: aim at the first column, ask at the second, refuse at the third.
``python -m tools.sizes [FOLDER …]`` measures the source, or the folders named.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {"migrations", "node_modules", "static"}


@dataclass(frozen=True, slots=True)
class Bound:
    """What is measured, in which unit, where one asks and where one refuses."""

    unit: str
    ask: int
    refuse: int


FUNCTION = Bound("lines", 40, 70)
FILE = Bound("lines", 400, 500)
TEMPLATE = Bound("lines", 100, 150)
BRANCHES = Bound("branches", 6, 8)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured thing: where it stands, how large it is, and its bound."""

    where: str
    size: int
    bound: Bound

    @property
    def is_refused(self) -> bool:
        """Whether it is larger than the house allows."""
        return self.size > self.bound.refuse

    def __str__(self) -> str:
        """Return the line that is printed."""
        word, limit = (
            ("too large", f"at most {self.bound.refuse}")
            if self.is_refused
            else ("large", f"ask at {self.bound.ask}")
        )
        return f"{word}: {self.where}: {self.size} {self.bound.unit}, {limit}"


Function = ast.FunctionDef | ast.AsyncFunctionDef
BRANCHING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


def branches(function: Function) -> int:
    """Return how many ways a function parts; what it defines inside itself is counted apart."""
    count = 0
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        count += isinstance(node, BRANCHING)
        if not isinstance(node, Function | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return count


def measure(path: Path, *, root: Path = ROOT) -> Iterator[Measure]:
    """Yield what a file holds, the file first."""
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    where = str(path.relative_to(root))
    if path.suffix == ".html":
        yield Measure(where, lines, TEMPLATE)
        return
    yield Measure(where, lines, FILE)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            place = f"{where}:{node.lineno} {node.name}"
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Measure(place, length, FUNCTION)
            yield Measure(place, branches(node), BRANCHES)


def large(folders: list[Path], *, root: Path = ROOT) -> list[Measure]:
    """Return what is past the point of asking, the refused last."""
    paths = sorted(p for f in folders for kind in ("*.py", "*.html") for p in f.rglob(kind))
    kept = (p for p in paths if not SKIPPED & set(p.relative_to(root).parts))
    found = [m for path in kept for m in measure(path, root=root) if m.size > m.bound.ask]
    return sorted(found, key=lambda m: (m.is_refused, m.where))


def main(arguments: list[str]) -> int:
    """Print what is large; return 1 when something is too large."""
    named = [Path(a).resolve() for a in arguments]
    root = Path(named[0].anchor) if named else ROOT
    found = large(named or [ROOT / "src", ROOT / "tools", ROOT / "tests"], root=root)
    for one in found:
        print(one)
    refused = sum(one.is_refused for one in found)
    print(f"sizes: {len(found) - refused} to ask about, {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
