"""Who may call what hands out a clear value of a person: `privacy`, which writes it down first."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "bihuan"
GROUND = "kernel/ground"
ALLOWED = {
    "open_identifier": {f"{GROUND}/privacy/operations/looks.py"},
    "find_phone_to_reach": {
        f"{GROUND}/privacy/operations/looks.py",  # asks the registry, after its line
        "kernel/tools/notices/addresses.py",  # asks privacy
    },
    "reveal": {
        "desks/officer/looks.py",  # asks privacy, for one screen
        "desks/officer/papers.py",  # asks privacy, for one print that is kept nowhere
        "desks/officer/urls.py",  # its address
    },
}
SEALED = {"name", "phone", "id_number", "address"}
"""Columns of the registry that are sealed."""


def ours() -> dict[str, ast.Module]:
    paths = (p for p in SOURCE.rglob("*.py") if not {"tests", "testing"} & {*p.parts, p.stem})
    return {str(p.relative_to(SOURCE)): ast.parse(p.read_text("utf-8")) for p in paths}


def callers(name: str, trees: dict[str, ast.Module]) -> set[str]:
    """Return the files that speak of ``something.name`` (called or handed on)."""
    return {
        path
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == name
    }


def openers(trees: dict[str, ast.Module]) -> set[tuple[str, str]]:
    """Return the files that open a sealed column, and which: ``row.phone.open()``."""
    return {
        (path, node.value.attr)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "open"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in SEALED
    }


def sealed_in(trees: dict[str, ast.Module]) -> set[tuple[str, str]]:
    """Return each room with the columns that it seals in its own tables."""
    return {
        (path.removesuffix("models.py"), target.id)
        for path, tree in trees.items()
        if path.endswith("/models.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") == "EncryptedText"
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def strangers(trees: dict[str, ast.Module], sealed: set[tuple[str, str]]) -> set[str]:
    """Return the files that open what their own room did not seal."""
    return {
        path
        for path, column in openers(trees)
        if not any(path.startswith(room) and column == own for room, own in sealed)
    }


def scopes_made_with(power: str, trees: dict[str, ast.Module]) -> set[str]:
    """Return the files outside the registry that speak of a power by its constant."""
    return {
        path
        for path, tree in trees.items()
        if not path.startswith(f"{GROUND}/registry/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == power
    }


def test_clear_values_are_asked_for_in_the_named_places_only() -> None:
    trees = ours()
    for name, allowed in ALLOWED.items():
        assert callers(name, trees) == allowed, name


def test_a_room_opens_only_what_it_sealed_itself() -> None:
    trees = ours()
    sealed = sealed_in(trees)
    assert {(f"{GROUND}/registry/", column) for column in SEALED} <= sealed
    assert len(openers(trees)) > 3
    assert strangers(trees, sealed) == set()


def test_the_power_to_open_is_given_in_one_place() -> None:
    trees = ours()
    only = {f"{GROUND}/privacy/operations/looks.py"}
    assert scopes_made_with("OPEN_IDENTIFIERS", trees) == only


def test_a_planted_caller_is_seen() -> None:
    planted = {"scenes/x/queries.py": ast.parse("registry.open_identifier(p, f, scope=s)")}
    assert callers("open_identifier", planted) == set(planted)
    stranger = {"scenes/x/y.py": ast.parse("row.phone.open()")}
    assert strangers(stranger, {(f"{GROUND}/registry/", "phone")}) == {"scenes/x/y.py"}
    assert strangers(stranger, {("scenes/x/", "phone")}) == set()
    assert scopes_made_with("OPEN_IDENTIFIERS", {"x.py": ast.parse("[OPEN_IDENTIFIERS]")})
