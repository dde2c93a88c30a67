"""Whether a definition holds: names once, conditions look back, bands meet every total once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bihuan.kernel.tools.assessments.types import (
    Band,
    Clause,
    Compare,
    Condition,
    Definition,
    Item,
    ItemType,
    Kind,
    Method,
    Problem,
)

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
INSTRUMENT_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
NUMBERS = {Compare.AT_LEAST, Compare.AT_MOST}
CHOSEN = {ItemType.CHECK, ItemType.CHOICE, ItemType.CHOICES}


def check_definition(definition: Definition) -> tuple[Problem, ...]:
    """Return everything that is wrong, in order; nothing when the definition may be offered."""
    return tuple(
        problem
        for check in (_names, _items, _conditions, _alerts, _scoring)
        for problem in check(definition)
    )


def _names(definition: Definition) -> Iterator[Problem]:
    code = definition.instrument.code
    if not INSTRUMENT_CODE.fullmatch(code) or len(code) > 60:
        yield Problem("instrument_code", "code", params={"value": code})
    if not definition.items:
        yield Problem("no_items", "items")
    for item_code in _twice(item.code for item in definition.items):
        yield Problem("twice", "code", item_code, {"value": item_code})


def _items(definition: Definition) -> Iterator[Problem]:
    dimensions = {d.code for d in definition.scoring.dimensions}
    for item in definition.items:
        if not CODE.fullmatch(item.code):
            yield Problem("item_code", "code", item.code, {"value": item.code})
        if item.dimension and item.dimension not in dimensions:
            yield Problem("no_dimension", "dimension", item.code, {"value": item.dimension})
        yield from _options(item)
        yield from _bounds(item)


def _options(item: Item) -> Iterator[Problem]:
    chosen = item.type in {ItemType.CHOICE, ItemType.CHOICES}
    if chosen != bool(item.options):
        yield Problem("options" if chosen else "no_options", "options", item.code)
    for code in _twice(option.code for option in item.options):
        yield Problem("twice", "options", item.code, {"value": code})
    for option in item.options:
        if not CODE.fullmatch(option.code):
            yield Problem("item_code", "options", item.code, {"value": option.code})
        if option.outcome and item.type is ItemType.CHOICES:
            yield Problem("outcome_of_many", "options", item.code)
    with_points = {option.points is not None for option in item.options}
    if len(with_points) > 1:
        yield Problem("some_points", "options", item.code)


def _bounds(item: Item) -> Iterator[Problem]:
    low, high = item.at_least, item.at_most
    if low is not None and high is not None and low > high:
        yield Problem("bounds", "at_least", item.code)
    if item.scored and (item.type is not ItemType.WHOLE or low is None or high is None):
        yield Problem("scored", "scored", item.code)
    if item.reversed and not is_scored(item):
        yield Problem("reversed", "reversed", item.code)
    if item.weight < 1:
        yield Problem("weight", "weight", item.code)
    if (item.photo_on or item.note_on) and not any(o.outcome for o in item.choices()):
        yield Problem("evidence", "photo_on", item.code)


def _twice(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]


# -- conditions -----------------------------------------------------------------------------------


def _conditions(definition: Definition) -> Iterator[Problem]:
    before: dict[str, Item] = {}
    for item in definition.items:
        for clause in item.shown_if.clauses:
            for problem in _clause(clause, before, definition):
                yield Problem(problem.code, "shown_if", item.code, problem.params)
        before[item.code] = item


def _alerts(definition: Definition) -> Iterator[Problem]:
    every = {item.code: item for item in definition.items}
    for code in _twice(alert.code for alert in definition.alerts):
        yield Problem("twice", "alerts", params={"value": code})
    for alert in definition.alerts:
        if not CODE.fullmatch(alert.code):
            yield Problem("item_code", "alerts", params={"value": alert.code})
        if not alert.when.clauses:
            yield Problem("alert_always", "alerts", params={"value": alert.code})
        for clause in alert.when.clauses:
            for problem in _clause(clause, every, definition):
                yield Problem(problem.code, "alerts", params=problem.params)


def _clause(clause: Clause, known: dict[str, Item], definition: Definition) -> Iterator[Problem]:
    if not clause.item:
        yield from _total_clause(clause, definition)
        return
    item = known.get(clause.item)
    if item is None or item.type is ItemType.NOTE:
        yield Problem("looks_ahead", "shown_if", params={"value": clause.item})
    elif clause.compare in NUMBERS:
        if not _is_whole(clause.value):
            yield Problem("no_number", "shown_if", params={"value": clause.value})
        elif not is_scored(item) and item.type not in {ItemType.WHOLE, ItemType.NUMBER}:
            yield Problem("no_points", "shown_if", params={"value": clause.item})
    elif item.type in CHOSEN and clause.value not in {o.code for o in item.choices()}:
        yield Problem("no_option", "shown_if", params={"value": clause.value})


def _total_clause(clause: Clause, definition: Definition) -> Iterator[Problem]:
    scoring = definition.scoring
    known = {"", *(d.code for d in scoring.dimensions)}
    if scoring.method is Method.NONE or clause.dimension not in known:
        yield Problem("no_total", "shown_if", params={"value": clause.dimension})
    if clause.compare not in NUMBERS or not _is_whole(clause.value):
        yield Problem("no_number", "shown_if", params={"value": clause.value})


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,9}", text) is not None


# -- totals ---------------------------------------------------------------------------------------


def is_scored(item: Item) -> bool:
    """Return whether the item's answer counts."""
    return item.scored or any(option.points is not None for option in item.options)


def points_range(item: Item, method: Method) -> tuple[int, int]:
    """Return the least and the most that the item can add when it is shown and answered."""
    if item.scored:
        low, high = item.at_least or 0, item.at_most or 0
    else:
        points = [option.points or 0 for option in item.options]
        low, high = min(points), max(points)
        if item.type is ItemType.CHOICES:
            low = sum(p for p in points if p < 0)
            high = sum(p for p in points if p > 0)
    weight = item.weight if method is Method.WEIGHTED else 1
    return low * weight, high * weight


def total_range(definition: Definition, dimension: str = "") -> tuple[int, int]:
    """Return the least and the most that a total can be; a hidden or open item adds nothing."""
    low = high = 0
    for item in scored_items(definition, dimension):
        least, most = points_range(item, definition.scoring.method)
        if item.shown_if != Condition() or not item.required:
            least, most = min(least, 0), max(most, 0)
        low, high = low + least, high + most
    return low, high


def scored_items(definition: Definition, dimension: str = "") -> tuple[Item, ...]:
    """Return the items that count for the whole, or for one dimension."""
    return tuple(
        item for item in definition.items if is_scored(item) and dimension in {"", item.dimension}
    )


def _scoring(definition: Definition) -> Iterator[Problem]:
    scoring = definition.scoring
    for code in _twice(d.code for d in scoring.dimensions):
        yield Problem("twice", "dimensions", params={"value": code})
    if scoring.method is Method.NONE:
        if scoring.bands or definition.instrument.kind is Kind.SCALE:
            yield Problem("no_method", "scoring")
        return
    if not scored_items(definition):
        yield Problem("nothing_scored", "scoring")
    yield from _bands(scoring.bands, total_range(definition), "")
    for dimension in scoring.dimensions:
        yield from _bands(dimension.bands, total_range(definition, dimension.code), dimension.code)
    if scoring.prorate_up_to and not _may_prorate(definition):
        yield Problem("prorate", "scoring")


def _bands(bands: tuple[Band, ...], totals: tuple[int, int], of: str) -> Iterator[Problem]:
    """Every whole total from the least to the most lies in exactly one band."""
    if not bands:
        return
    for code in _twice(band.code for band in bands):
        yield Problem("twice", "bands", params={"value": code})
    expected, (low, high) = None, totals
    for band in sorted(bands, key=lambda b: (b.at_least, b.at_most)):
        if band.at_least > band.at_most:
            yield Problem("bounds", "bands", params={"value": band.code})
        if expected is not None and band.at_least != expected:
            code = "bands_overlap" if band.at_least < expected else "bands_gap"
            yield Problem(code, "bands", params={"value": band.code, "of": of})
        expected = band.at_most + 1
    if min(b.at_least for b in bands) > low or max(b.at_most for b in bands) < high:
        yield Problem("bands_short", "bands", params={"low": low, "high": high, "of": of})


def _may_prorate(definition: Definition) -> bool:
    """A mean stands in for an answer only where all items count alike and all are asked."""
    items = scored_items(definition)
    ranges = {points_range(item, definition.scoring.method) for item in items}
    unconditional = all(item.shown_if == Condition() for item in items)
    single = all(item.type is not ItemType.CHOICES for item in items)
    return len(ranges) == 1 and unconditional and single
