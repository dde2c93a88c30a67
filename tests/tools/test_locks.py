"""The locks hold what is asked for, prove each file, name no host, and agree with each other."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tools import locks

LOCKS = [locks.FOLDER / f"{name}.txt" for name in locks.NAMES]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_exact_and_proved(lock) -> None:
    text = lock.read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 1
    for block in blocks:
        assert locks.PINNED.match(block), block[:60]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:60]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_host_is_named(lock) -> None:
    assert locks.HOST.search(lock.read_text("utf-8")) is None


@pytest.mark.parametrize("name", locks.NAMES)
def test_what_is_asked_for_is_locked(name: str) -> None:
    asked = locks.wanted(locks.FOLDER / f"{name}.in")
    assert asked
    assert asked - set(locks.pinned(locks.FOLDER / f"{name}.txt")) == set()


def test_tests_run_on_what_ships() -> None:
    ships, tests = (locks.pinned(locks.FOLDER / f"{n}.txt") for n in ("run", "dev"))
    assert {n: v for n, v in ships.items() if tests.get(n) != v} == {}


def test_what_the_source_imports_is_asked_for() -> None:
    """A package that is only installed by chance is not there on another machine."""
    known = packages_distributions()
    ships = set(locks.pinned(locks.FOLDER / "run.txt"))
    only_tests = set(locks.pinned(locks.FOLDER / "dev.txt"))
    wrong = set()
    for path in (locks.ROOT / "src").rglob("*.py"):
        allowed = only_tests if {"tests", "testing", "testing.py"} & set(path.parts) else ships
        for root in imported(ast.parse(path.read_text("utf-8"))):
            names = {re.sub(r"[-_.]+", "-", n).lower() for n in known.get(root, [])}
            if root not in sys.stdlib_module_names | {"bihuan", "tools"} and not names & allowed:
                wrong.add((str(path.relative_to(locks.ROOT)), root))
    assert wrong == set()


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found
