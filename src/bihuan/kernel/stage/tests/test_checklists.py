"""A scene's checklists at start-up: what is offered, what the start is refused for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bihuan.kernel.stage import opening
from bihuan.kernel.stage.catalogue import UnableToStage
from bihuan.kernel.stage.types import Scene
from bihuan.kernel.tools.assessments import api as assessments
from bihuan.kernel.tools.assessments.testing import nothing_declared, scale
from bihuan.kernel.tools.assessments.types import AlertProcess, InstrumentCode

HEARD: list[object] = []
SCENE = Scene(
    name="invented",
    title="x",
    checklists=("scale-1.yaml",),
    alert_processes=(AlertProcess(InstrumentCode("test.scale"), "ninth", "invented:hear"),),
)


def hear(fact: object) -> None:
    """Stand for a scene's process."""
    HEARD.append(fact)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a scene's folder with a scale that alerts, and a start-up that begins afresh."""
    monkeypatch.setattr(opening.catalogue, "resolve", lambda dotted, scene: hear)
    (tmp_path / "checklists").mkdir()
    shipped = assessments.to_data(scale()) | {"number": 1}
    text = yaml.safe_dump(shipped, allow_unicode=True) + "valid_from: 2026-01-01\n"
    (tmp_path / "checklists" / "scale-1.yaml").write_text(text, "utf-8")
    with nothing_declared():
        yield tmp_path


def test_a_scale_with_its_process_is_offered(folder: Path) -> None:
    opening._offer_checklists(SCENE, folder)
    assessments.seal()
    (declared,) = assessments.all_declared()
    assert (declared.definition, declared.number, declared.brought_by) == (scale(), 1, "invented")


def test_without_the_process_the_start_is_refused(folder: Path) -> None:
    opening._offer_checklists(replace(SCENE, alert_processes=()), folder)
    with pytest.raises(assessments.UnableToOffer, match="ninth"):
        assessments.seal()


def test_a_file_that_is_not_there(folder: Path) -> None:
    with pytest.raises(UnableToStage, match=r"scale-2\.yaml"):
        opening._offer_checklists(replace(SCENE, checklists=("scale-2.yaml",)), folder)
    assert assessments.all_declared() == ()
