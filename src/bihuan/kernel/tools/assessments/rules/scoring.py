"""What answers come to: which items are shown, what lacks, totals, bands, alerts, outcomes.

The items are walked once, in the order of the definition; a condition looks back only. The order in
which answers arrive can therefore not matter, and the answer to a hidden item counts nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from bihuan.kernel.tools.assessments.rules.checking import is_scored, points_range, scored_items
from bihuan.kernel.tools.assessments.types import (
    Answer,
    Answers,
    Band,
    Clause,
    Compare,
    Condition,
    Counted,
    Definition,
    Fault,
    Item,
    ItemType,
    Method,
    Option,
    Outcome,
    Result,
    Score,
)

NOTHING = Answer()
LONGEST_TEXT = 2000
LONGEST_NOTE = 500
MOST_PHOTOS = 9


@dataclass(slots=True)
class _Walk:
    """What is known after the items so far."""

    definition: Definition
    answers: Answers
    counted: dict[str, Counted] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)

    def total(self, dimension: str) -> int:
        wanted = {item.code for item in scored_items(self.definition, dimension)}
        return sum(c.points or 0 for c in self.counted.values() if c.item in wanted)


def evaluate(definition: Definition, answers: Answers) -> Result:
    """Return what the answers come to. Answers must hold (`find_faults`)."""
    walk = _walk(definition, answers)
    scores = _scores(walk)
    return Result(
        counted=tuple(walk.counted.values()),
        hidden=tuple(walk.hidden),
        scores=scores,
        alerts=tuple(alert.code for alert in definition.alerts if _holds(alert.when, walk, scores)),
    )


def shown_items(definition: Definition, answers: Answers) -> tuple[Item, ...]:
    """Return the items that these answers show, in order."""
    walk = _walk(definition, answers)
    return tuple(item for item in definition.items if item.code in walk.counted)


def dependents(definition: Definition) -> Mapping[str, tuple[str, ...]]:
    """Return for each item the later ones whose being shown may change with its answer."""
    found: dict[str, set[str]] = {}
    for item in definition.items:
        for clause in item.shown_if.clauses:
            named = {clause.item}
            if not clause.item:
                named = {scored.code for scored in scored_items(definition, clause.dimension)}
            for code in named:
                found.setdefault(code, set()).add(item.code)
    order = [item.code for item in definition.items]
    for code in reversed(order):  # conditions look back, so the later ones are complete already
        for dependent in tuple(found.get(code, ())):
            found[code] |= found.get(dependent, set())
    return {code: tuple(sorted(codes - {code}, key=order.index)) for code, codes in found.items()}


def _walk(definition: Definition, answers: Answers) -> _Walk:
    walk = _Walk(definition, answers)
    for item in definition.items:
        if _holds(item.shown_if, walk):
            walk.counted[item.code] = _count(item, answers.get(item.code, NOTHING), definition)
        else:
            walk.hidden.append(item.code)
    return walk


def _count(item: Item, answer: Answer, definition: Definition) -> Counted:
    if fault_of(item, answer) or is_open(answer):
        return Counted(item.code, answer)
    chosen = _chosen(item, answer)
    outcome = next((o.outcome for o in chosen if o.outcome), None)
    points = None
    if definition.scoring.method is not Method.NONE and is_scored(item):
        points = int(str(answer.value)) if item.scored else sum(o.points or 0 for o in chosen)
        if item.reversed:
            low, high = points_range(item, Method.SUM)
            points = low + high - points
        if definition.scoring.method is Method.WEIGHTED:
            points *= item.weight
    return Counted(item.code, answer, outcome, points)


def _chosen(item: Item, answer: Answer) -> list[Option]:
    codes = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    return [option for option in item.choices() if option.code in codes]


def is_open(answer: Answer) -> bool:
    """Return whether nothing was answered."""
    return answer.value in {"", ()}


# -- conditions -----------------------------------------------------------------------------------


def _holds(condition: Condition, walk: _Walk, scores: Iterable[Score] | None = None) -> bool:
    if not condition.clauses:
        return True
    held = (_clause_holds(clause, walk, scores) for clause in condition.clauses)
    return any(held) if condition.any_of else all(held)


def _clause_holds(clause: Clause, walk: _Walk, scores: Iterable[Score] | None) -> bool:
    if not clause.item:
        return _total_holds(clause, walk, scores)
    found = walk.counted.get(clause.item)
    item = walk.definition.item(clause.item)
    if found is None or item is None or is_open(found.answer) or fault_of(item, found.answer):
        return False
    value = found.answer.value
    if clause.compare in {Compare.IS, Compare.IS_NOT}:
        has = clause.value in value if isinstance(value, tuple) else clause.value == value
        return has is (clause.compare is Compare.IS)
    number = found.points if found.points is not None else Decimal(str(value))
    return _compare(clause, number)


def _total_holds(clause: Clause, walk: _Walk, scores: Iterable[Score] | None) -> bool:
    """An alert looks at the totals as they are reported; a condition at the total so far."""
    if scores is None:
        return _compare(clause, walk.total(clause.dimension))
    found = next((s for s in scores if s.dimension == clause.dimension), None)
    return found is not None and _compare(clause, found.total)


def _compare(clause: Clause, number: int | Decimal) -> bool:
    limit = int(clause.value)
    return number >= limit if clause.compare is Compare.AT_LEAST else number <= limit


# -- totals ---------------------------------------------------------------------------------------


def _scores(walk: _Walk) -> tuple[Score, ...]:
    scoring = walk.definition.scoring
    if scoring.method is Method.NONE:
        return ()
    parts = [("", scoring.bands), *((d.code, d.bands) for d in scoring.dimensions)]
    found = (_score(walk, dimension, bands) for dimension, bands in parts)
    return tuple(score for score in found if score is not None)


def _score(walk: _Walk, dimension: str, bands: tuple[Band, ...]) -> Score | None:
    items = [i for i in scored_items(walk.definition, dimension) if i.code in walk.counted]
    answered = [p for i in items if (p := walk.counted[i.code].points) is not None]
    lacking = sum(1 for i in items if i.required) - sum(
        1 for i in items if i.required and walk.counted[i.code].points is not None
    )
    total, prorated = sum(answered), False
    if lacking:
        if not answered or lacking > walk.definition.scoring.prorate_up_to:
            return None
        total = _rounded(total * (len(answered) + lacking), len(answered))
        prorated = True
    return Score(dimension, total, band_of(bands, total), prorated)


def _rounded(numerator: int, denominator: int) -> int:
    """Round half away from nought, in whole numbers."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def band_of(bands: Iterable[Band], total: int) -> str:
    """Return the code of the band in which a total lies, or nothing where there are no bands."""
    return next((b.code for b in bands if b.at_least <= total <= b.at_most), "")


# -- faults ---------------------------------------------------------------------------------------


def find_faults(
    definition: Definition, answers: Answers, *, broken_off: bool = False
) -> tuple[Fault, ...]:
    """Return what must be mended before the answers can be recorded.

    What is written at hidden items is no fault. A scale may lack as many answers as it allows;
    one that was broken off may lack any.
    """
    known = {item.code for item in definition.items}
    faults = [Fault(code, "unknown_item") for code in sorted(set(answers) - known)]
    walk = _walk(definition, answers)
    lacking = []
    for item in definition.items:
        counted = walk.counted.get(item.code)
        if counted is None or item.type is ItemType.NOTE:
            continue
        answer = counted.answer
        if is_open(answer):
            lacking += [Fault(item.code, "lacking")] if item.required else []
        elif code := fault_of(item, answer) or _evidence_fault(item, counted):
            faults.append(Fault(item.code, code))
    if broken_off:
        return tuple(faults)
    return tuple(faults + _really_lacking(lacking, definition))


def _really_lacking(lacking: list[Fault], definition: Definition) -> list[Fault]:
    scored = {item.code for item in scored_items(definition)}
    of_scale = [fault for fault in lacking if fault.item in scored]
    if len(of_scale) <= definition.scoring.prorate_up_to and len(of_scale) < len(scored):
        return [fault for fault in lacking if fault.item not in scored]
    return lacking


def fault_of(item: Item, answer: Answer) -> str:
    """Return the code of what is wrong with an answer that was given, or nothing."""
    if len(answer.note) > LONGEST_NOTE or len(answer.photos) > MOST_PHOTOS:
        return "too_much"
    if is_open(answer):
        return ""
    if isinstance(answer.value, tuple):
        known = {option.code for option in item.options}
        fits = item.type is ItemType.CHOICES and known.issuperset(answer.value)
        return "" if fits and len(set(answer.value)) == len(answer.value) else "no_option"
    return _FAULTS[item.type](item, answer.value)


def _option_fault(item: Item, value: str) -> str:
    return "" if value in {option.code for option in item.choices()} else "no_option"


def _whole_fault(item: Item, value: str) -> str:
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        return "no_whole"
    return _outside(item, Decimal(value))


def _number_fault(item: Item, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "no_number"
    return _outside(item, number) if number.is_finite() and len(value) < 20 else "no_number"


def _outside(item: Item, number: Decimal) -> str:
    low, high = item.at_least, item.at_most
    below = low is not None and number < low
    return "outside" if below or (high is not None and number > high) else ""


def _date_fault(item: Item, value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        return "no_date"
    return ""


def _text_fault(item: Item, value: str) -> str:
    return "too_much" if len(value) > LONGEST_TEXT else ""


def _never(item: Item, value: str) -> str:
    return "no_option"


_FAULTS: Mapping[ItemType, Callable[[Item, str], str]] = {
    ItemType.CHECK: _option_fault,
    ItemType.CHOICE: _option_fault,
    ItemType.CHOICES: _never,
    ItemType.WHOLE: _whole_fault,
    ItemType.NUMBER: _number_fault,
    ItemType.TEXT: _text_fault,
    ItemType.DATE: _date_fault,
    ItemType.NOTE: _never,
}


def _evidence_fault(item: Item, counted: Counted) -> str:
    if counted.outcome in item.photo_on and not counted.answer.photos:
        return "photo"
    if counted.outcome in item.note_on and not counted.answer.note.strip():
        return "note"
    return ""


def count_outcomes(result: Result) -> Mapping[Outcome, int]:
    """Return how many items came out how."""
    found = [c.outcome for c in result.counted if c.outcome]
    return {outcome: found.count(outcome) for outcome in Outcome}
