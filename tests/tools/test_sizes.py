"""What is too large is refused; what is large is only told."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import sizes


def function(lines: int, name: str = "long") -> str:
    return f"def {name}():\n" + "    x = 1\n" * (lines - 1)


def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = sizes.main([str(folder)])
    return code, capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("lines", "code", "word"), [(40, 0, None), (41, 0, "large"), (70, 0, "large"), (71, 1, "too")]
)
def test_functions(tmp_path, capsys, lines: int, code: int, word: str | None) -> None:
    (tmp_path / "room.py").write_text(function(lines))
    got, said = run(tmp_path, capsys)
    assert got == code
    assert [line.split()[0].rstrip(":") for line in said[:-1]] == ([word] if word else [])
    if word:
        assert f"room.py:1 long: {lines} lines" in said[0]


@pytest.mark.parametrize(("lines", "code"), [(400, 0), (500, 0), (501, 1)])
def test_files(tmp_path, capsys, lines: int, code: int) -> None:
    (tmp_path / "room.py").write_text("x = 1\n" * lines)
    got, said = run(tmp_path, capsys)
    assert got == code
    assert len(said) == (2 if lines > 400 else 1)


@pytest.mark.parametrize(("lines", "code"), [(100, 0), (150, 0), (151, 1)])
def test_templates(tmp_path, capsys, lines: int, code: int) -> None:
    (tmp_path / "page.html").write_text("<p></p>\n" * lines)
    got, said = run(tmp_path, capsys)
    assert got == code
    assert len(said) == (2 if lines > 100 else 1)


@pytest.mark.parametrize(("count", "code"), [(6, 0), (8, 0), (9, 1)])
def test_branches(tmp_path, capsys, count: int, code: int) -> None:
    (tmp_path / "room.py").write_text("def f(x):\n" + "    if x:\n        x = 1\n" * count)
    got, said = run(tmp_path, capsys)
    assert got == code
    assert any(f"{count} branches" in line for line in said) == (count > 6)


def test_each_way_to_part_counts_once() -> None:
    tree = ast.parse(
        "def f(x):\n"
        "    for y in x:\n"  # 1
        "        while y:\n"  # 2
        "            if y: pass\n"  # 3
        "            elif x: pass\n"  # 4
        "    try: pass\n"
        "    except ValueError: pass\n"  # 5
        "    match x:\n"
        "        case 1: pass\n"  # 6
        "        case _: pass\n"  # 7
        "    def inner():\n"
        "        if x: pass\n"  # counted where it is defined
    )
    outer = tree.body[0]
    assert isinstance(outer, ast.FunctionDef)
    assert sizes.branches(outer) == 7


def test_migrations_are_not_measured(tmp_path, capsys) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_initial.py").write_text(function(300))
    assert run(tmp_path, capsys) == (0, ["sizes: 0 to ask about, 0 refused"])
