"""Pure: which code follows from a firm's confirmed, open hazards (domain S2, defaults)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.standards.types import Outcome, Reason

RULE = "safe_enterprise.code.v1"
STANDARD = "safe_enterprise.deductions"
CASE = "cases.case"


def code_of(standard: Mapping[str, Any], inputs: Mapping[str, Any]) -> Outcome:
    """Return score, colour and reasons, the heaviest first.

    `inputs` is ``{"hazards": [{"case": 7, "grade": "major", "overdue": false}]}``: hazards that the
    competent unit has signed for and graded, and that nobody has yet verified as cleared. A bare
    report is not among them. Red needs a person: until one confirms, the colour stays yellow.
    """
    reasons = sorted(_reasons(standard, inputs["hazards"]), key=lambda r: (r.points, r.code))
    score = max(0, round(standard["start"] + sum(reason.points for reason in reasons)))
    by_rule = _colour(score, standard)
    red = by_rule == "red"
    value = {"score": score, "colour": "yellow" if red else by_rule, "awaits_person": red}
    return Outcome(value, tuple(reasons))


def _reasons(standard: Mapping[str, Any], hazards: Sequence[Mapping[str, Any]]) -> list[Reason]:
    reasons = []
    for hazard in hazards:
        points = -float(standard[hazard["grade"]])
        if hazard["overdue"]:
            points -= float(standard["overdue"])
        code = f"hazard_{hazard['grade']}{'_overdue' if hazard['overdue'] else ''}"
        evidence = Ref(CASE, str(hazard["case"]))
        reasons.append(Reason(code, points, {"case": hazard["case"]}, evidence))
    return reasons


def _colour(score: int, standard: Mapping[str, Any]) -> str:
    if score >= standard["green"]:
        return "green"
    return "yellow" if score >= standard["yellow"] else "red"


def score_after(score: int, points: Sequence[float]) -> int:
    """Return the score when the deductions `points` (negative) have come back."""
    return min(100, round(score - sum(points)))
