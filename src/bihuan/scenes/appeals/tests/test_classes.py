"""The rules of classes that ship: none is absurd, each class can be filed and closed."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, CaseClass
from bihuan.scenes.appeals.classes import CLASSES

LEAST = {"WH": 2, "WD": 1, "EH": 2, "CD": 1}
MOST = {"WH": 40, "WD": 60, "EH": 72, "CD": 90}


@pytest.mark.parametrize("known", CLASSES, ids=lambda known: known.code)
def test_no_shipped_limit_is_absurd(db: None, known: CaseClass) -> None:
    """A peer shipped limits of five minutes in its master data."""
    terms = cases.terms_of_class(APPEAL, known.code, on=date(2026, 6, 24))
    assert terms.stages
    for stage in terms.stages:
        assert LEAST[stage.unit] <= stage.amount <= MOST[stage.unit]
