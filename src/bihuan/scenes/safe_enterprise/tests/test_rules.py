"""The code by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.scenes.safe_enterprise.rules import code_of, score_after

STANDARD = {"start": 100, "major": 25, "general": 8, "overdue": 10, "green": 80, "yellow": 60}


def hazard(grade: str = "major", overdue: bool = False, case: int = 1) -> dict[str, object]:
    return {"case": case, "grade": grade, "overdue": overdue}


@pytest.mark.parametrize(
    ("hazards", "value"),
    [
        ([], (100, "green", False)),
        ([hazard("general")], (92, "green", False)),
        ([hazard("general")] * 3, (76, "yellow", False)),
        ([hazard()], (75, "yellow", False)),
        ([hazard(overdue=True)], (65, "yellow", False)),
        ([hazard(), hazard()], (50, "yellow", True)),
        ([hazard(overdue=True)] * 4, (0, "yellow", True)),
    ],
)
def test_by_hand(hazards: list[dict[str, object]], value: tuple[int, str, bool]) -> None:
    found = code_of(STANDARD, {"hazards": hazards}).value
    assert (found["score"], found["colour"], found["awaits_person"]) == value


def test_reasons_are_the_heaviest_first_and_point_to_the_matter() -> None:
    outcome = code_of(STANDARD, {"hazards": [hazard("general", case=4), hazard(case=9)]})
    assert [(r.code, r.points, str(r.evidence)) for r in outcome.reasons] == [
        ("hazard_major", -25.0, "cases.case:9"),
        ("hazard_general", -8.0, "cases.case:4"),
    ]
    assert score_after(67, [outcome.reasons[0].points]) == 92


_hazards = st.lists(
    st.builds(hazard, st.sampled_from(["major", "general"]), st.booleans()), max_size=9
)


@given(_hazards, _hazards)
def test_another_hazard_never_raises_the_score(some, more) -> None:
    few = code_of(STANDARD, {"hazards": some}).value["score"]
    many = code_of(STANDARD, {"hazards": [*some, *more]}).value["score"]
    assert 0 <= many <= few <= 100
    assert code_of(STANDARD, {"hazards": some}).value["colour"] != "red"
