"""The drawn life is the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bihuan.kernel.affairs.cases.lifecycle import STANDARD_LIFE


def test_what_is_committed_is_what_the_table_says(pytestconfig: pytest.Config) -> None:
    drawn = pytestconfig.rootpath / "docs" / "reference" / "life-of-a-matter.md"
    call_command("cases_diagram", out=drawn, check=True)
    text = drawn.read_text("utf-8")
    assert all(f"| {row.name} |" in text for row in STANDARD_LIFE.transitions)


def test_an_old_drawing_is_told(tmp_path: Path) -> None:
    old = tmp_path / "life.md"
    old.write_text("something older", encoding="utf-8")
    with pytest.raises(CommandError, match="older than the table"):
        call_command("cases_diagram", out=old, check=True)
    call_command("cases_diagram", out=old)
    call_command("cases_diagram", out=old, check=True)
