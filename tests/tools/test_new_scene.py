"""A scene that was just begun: it compiles, keeps the style, and stands in the settings once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import new_scene

SETTINGS = 'SCENES: tuple[str, ...] = (\n    "bihuan.scenes.appeals",\n)\n"""The stories."""\n'


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    settings = tmp_path / "base.py"
    settings.write_text(SETTINGS)
    return new_scene.write("street_repairs", scenes=tmp_path / "scenes", settings=settings)


def test_it_compiles_and_keeps_the_style(begun: Path) -> None:
    for path in begun.rglob("*.py"):
        compile(path.read_text("utf-8"), str(path), "exec")
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(new_scene.ROOT / "pyproject.toml")]
    # Which imports are ours ruff knows by the folder; here it stands elsewhere.
    checked = [*ruff, "check", "-q", *config, "--ignore", "I001", begun]
    assert subprocess.run(checked, check=False).returncode == 0
    styled = subprocess.run([*ruff, "format", "--check", "-q", *config, begun], check=False)
    assert styled.returncode == 0


def test_it_stands_in_the_settings_once(begun: Path) -> None:
    text = (begun.parents[1] / "base.py").read_text()
    assert text.count('"bihuan.scenes.street_repairs",') == 1
    assert text.index("appeals") < text.index("street_repairs") < text.index('"""The stories."""')


@pytest.mark.parametrize("name", ["", "Street", "street-repairs", "1st", "a b"])
def test_a_name_that_is_none_writes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(SystemExit, match="snake_case"):
        new_scene.write(name, scenes=tmp_path, settings=tmp_path / "base.py")
    assert list(tmp_path.iterdir()) == []


def test_a_scene_that_stands_is_left_alone(begun: Path) -> None:
    before = (begun / "scene.py").read_text()
    with pytest.raises(SystemExit, match="stands already"):
        new_scene.write(
            "street_repairs", scenes=begun.parent, settings=begun.parents[1] / "base.py"
        )
    assert (begun / "scene.py").read_text() == before
