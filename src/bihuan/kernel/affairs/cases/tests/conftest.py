"""A kind of matter and a kind of hazard for the tests of this room."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.lifecycle import HAZARD_LIFE, STANDARD_LIFE
from bihuan.kernel.affairs.cases.types import APPEAL, HAZARD, CaseClass, CaseKind
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.standards import api as standards

LAMP = CaseClass("test_lamp", "Street lamp", "urban_management", words=("路灯",))
SHED = CaseClass("test_shed", "Illegal building", "urban_management")
PAPER = CaseClass("test_paper", "Wages", "labour")
EXIT = CaseClass("test_exit", "Fire exit", "fire")


CLASS_RULES = {
    "test_lamp": {"file_when": "不亮", "close_when": "亮灯", "look_back_days": 7},
    "test_shed": {
        "file_when": "没有许可",
        "close_when": "拆除",
        "stages": [
            {"name": "停工", "amount": 4, "unit": "WH"},
            {"name": "处罚", "amount": 7, "unit": "WD"},
            {"name": "拆除", "amount": 20, "unit": "WD"},
        ],
        "codes": {"gb30428": "0106", "hotline": "违法建设"},
    },
    "test_paper": {"after_photos": 0, "sensitive": True},
}


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare the two kinds for one test, whatever scenes stand."""
    declared = {
        APPEAL: CaseKind(APPEAL, "Appeal", STANDARD_LIFE, classes=(LAMP, SHED, PAPER)),
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
    given += [
        standards.Given(f"cases.class.appeal.{code}", value, "test", date(2020, 1, 1))
        for code, value in CLASS_RULES.items()
    ]
    standards.load_entries(given, brought_by="test")
    return make_cast()
