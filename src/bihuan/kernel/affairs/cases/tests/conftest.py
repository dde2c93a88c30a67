"""A kind of matter and a kind of hazard for the tests of this room."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.lifecycle import HAZARD_LIFE, STANDARD_LIFE
from bihuan.kernel.affairs.cases.types import APPEAL, HAZARD, CaseClass, CaseKind
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.standards import api as standards

LAMP = CaseClass("test_lamp", "Street lamp", "urban", words=("路灯",))
EXIT = CaseClass("test_exit", "Fire exit", "fire")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare the two kinds for one test, whatever scenes stand."""
    declared = {
        APPEAL: CaseKind(APPEAL, "Appeal", STANDARD_LIFE, classes=(LAMP,)),
        HAZARD: CaseKind(HAZARD, "Hazard", HAZARD_LIFE, classes=(EXIT,)),
    }
    monkeypatch.setattr(kinds, "_kinds", declared)


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, with the limits of this room's classes."""
    given = [
        standards.Given(f"cases.limit.dispose.{code}", value, "test", date(2020, 1, 1))
        for code, value in (
            ("test_lamp", {"amount": 3, "unit": "WD"}),
            ("test_exit", {"amount": 24, "unit": "EH"}),
        )
    ]
    standards.load_entries(given, brought_by="test")
    return make_cast()
