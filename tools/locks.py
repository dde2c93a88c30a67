"""Resolves the requirements: exact versions for every platform, with hashes and without hosts.

``python -m tools.locks`` reads ``requirements/*.in`` and writes ``requirements/*.txt``. Versions
that stand stay, unless ``--upgrade`` is given; what tests need changes no version of what ships.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
NAMES = ("run", "dev", "node")
OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--python-version=3.11",
    "--quiet",
)
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
HOST = re.compile(r"https?://|--index-url|--extra-index-url|--find-links")


def pinned(lock: Path) -> dict[str, set[str]]:
    """Return the versions that a lock holds, by name; a name may differ by platform."""
    found: dict[str, set[str]] = {}
    for name, version in PINNED.findall(lock.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def wanted(path: Path) -> set[str]:
    """Return the names that a requirements file asks for itself, as a lock writes them."""
    names = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        found = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)", line)
        if found:
            names.add(re.sub(r"[-_.]+", "-", found[1]).lower())
    return names


def resolve(name: str, extra: list[str]) -> None:
    """Write one lock."""
    target = FOLDER / f"{name}.txt"
    bound = ["-c", "run.txt"] if name == "dev" else []
    command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *bound, *extra]
    subprocess.run([*command, f"{name}.in", "-o", target.name], cwd=FOLDER, check=True)
    if HOST.search(target.read_text(encoding="utf-8")):
        sys.exit(f"locks: {target.name} names a host")


def main(arguments: list[str]) -> int:
    """Write every lock."""
    for name in NAMES:
        resolve(name, [a for a in arguments if a.startswith("--upgrade")])
        print(f"locks: {name}: {len(pinned(FOLDER / f'{name}.txt'))} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
