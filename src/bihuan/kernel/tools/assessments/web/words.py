"""Words of outcomes, of faults in answers and of problems in definitions, for people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.kernel.tools.assessments.types import Fault, Mode, Outcome, Problem

OUTCOMES = {
    Outcome.PASS: pgettext_lazy("outcome", "In order"),
    Outcome.FAIL: pgettext_lazy("outcome", "Not in order"),
    Outcome.WAIVED: pgettext_lazy("outcome", "Does not apply"),
    Outcome.NOT_SEEN: pgettext_lazy("outcome", "Not seen"),
}
MODES = {
    Mode.OBSERVED: _("seen on the spot"),
    Mode.SELF: _("filled in by the person"),
    Mode.INTERVIEW: _("asked in a talk"),
    Mode.PROXY: _("answered by somebody close"),
}
FAULTS = {
    "lacking": _("This is still open."),
    "photo": _("Add a photo of it."),
    "note": _("Say in one sentence how it is."),
    "no_option": _("Choose one of the answers."),
    "no_whole": _("Write a whole number, such as 12."),
    "no_number": _("Write a number, such as 12.5."),
    "outside": _("This number lies outside what is possible here."),
    "no_date": _("Write a day such as 2026-06-24."),
    "too_much": _("That is too long, or there are more than nine photos."),
    "unknown_item": _("This item belongs to another version. Open the checklist afresh."),
}
PROBLEMS = {
    "instrument_code": _("The code %(value)s needs small letters, digits, points and underscores."),
    "no_items": _("There is no item."),
    "twice": _("%(value)s stands twice. Each code stands once."),
    "item_code": _("The code %(value)s needs a small letter first, then letters, digits, _."),
    "no_dimension": _("No dimension is called %(value)s."),
    "options": _("Answers to choose from are missing."),
    "no_options": _("This type has no answers to choose from."),
    "outcome_of_many": _("Where several answers may be chosen, none can pass or fail."),
    "some_points": _("Either every answer has points or none."),
    "bounds": _("The least is more than the most."),
    "scored": _("Only a whole number with a least and a most can count as points."),
    "reversed": _("Only an item with points can count from the other end."),
    "weight": _("A weight is a whole number from 1 on."),
    "evidence": _("A photo or a sentence can be asked for only where answers pass or fail."),
    "looks_ahead": _("%(value)s is no item further up. Conditions look back only."),
    "no_number": _("%(value)s is no whole number."),
    "no_points": _("%(value)s has no points to compare."),
    "no_option": _("%(value)s is none of the answers."),
    "no_total": _("There is no total called %(value)s."),
    "alert_always": _("The alert %(value)s needs a condition."),
    "no_method": _("Say how points add up: sum or weighted."),
    "nothing_scored": _("No answer has points."),
    "bands_overlap": _("The band %(value)s overlaps the one before."),
    "bands_gap": _("Between the band %(value)s and the one before, totals are missing."),
    "bands_short": _("The bands must reach from %(low)s to %(high)s."),
    "prorate": _("A mean can stand in only where all items count alike and all are asked."),
}


def outcome_words(outcome: Outcome) -> str:
    """Return how an outcome is called."""
    return str(OUTCOMES[outcome])


def fault_words(fault: Fault) -> str:
    """Return what is to be mended in an answer."""
    return str(FAULTS[fault.code])


def problem_words(problem: Problem) -> str:
    """Return what is to be mended in a definition."""
    params: Mapping[str, object] = problem.params
    return str(PROBLEMS[problem.code]) % params
