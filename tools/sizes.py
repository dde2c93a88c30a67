"""Sizes of functions, files and templates: a smell is told, a limit is refused."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FUNCTION = (40, 70)
FILE = (400, 500)
TEMPLATE = (100, 150)


def measured(path: Path) -> list[tuple[str, int, tuple[int, int]]]:
    """Return name, length and bounds of what a file holds."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n") + 1
    where = str(path.relative_to(ROOT))
    if path.suffix == ".html":
        return [(where, lines, TEMPLATE)]
    found = [(where, lines, FILE)]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            found.append((f"{where}:{node.lineno} {node.name}", length, FUNCTION))
    return found


def main() -> int:
    """Print what is large; return 1 when something is too large."""
    refused = 0
    source = ROOT / "src"
    for path in sorted([*source.rglob("*.py"), *source.rglob("*.html")]):
        if {"migrations", "node_modules"} & set(path.parts):
            continue
        for name, length, (ask, refuse) in measured(path):
            if length > refuse:
                print(f"too large: {name}: {length} lines, at most {refuse}")
                refused += 1
            elif length > ask:
                print(f"large: {name}: {length} lines, ask at {ask}")
    print(f"sizes: {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
