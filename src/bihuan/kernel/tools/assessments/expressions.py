"""The few expressions of XLSForm that a condition can say; every other one is refused by name."""

from __future__ import annotations

import re
from typing import Any

from bihuan.platform.web.errors import Refused

ITEM = r"\$\{\s*(?P<item>[A-Za-z_][\w.-]*)\s*\}"
TEXT = r"(?:'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\")"
NUMBER = r"(?P<number>-?\d+)"
FORMS = (
    (re.compile(rf"{ITEM}\s*=\s*(?:{TEXT}|{NUMBER})"), "is"),
    (re.compile(rf"{ITEM}\s*!=\s*(?:{TEXT}|{NUMBER})"), "is_not"),
    (re.compile(rf"selected\(\s*{ITEM}\s*,\s*{TEXT}\s*\)"), "is"),
    (re.compile(rf"not\(\s*selected\(\s*{ITEM}\s*,\s*{TEXT}\s*\)\s*\)"), "is_not"),
    (re.compile(rf"{ITEM}\s*>=\s*{NUMBER}"), "at_least"),
    (re.compile(rf"{ITEM}\s*<=\s*{NUMBER}"), "at_most"),
    (re.compile(rf"total\(\s*(?:{TEXT})?\s*\)\s*>=\s*{NUMBER}"), "at_least"),
    (re.compile(rf"total\(\s*(?:{TEXT})?\s*\)\s*<=\s*{NUMBER}"), "at_most"),
)
BOUND = re.compile(r"\.\s*(>=|<=)\s*(-?\d+)")
JOIN = re.compile(r"\s+(and|or)\s+")


class UnableToReadExpression(Refused):
    """The expression says more than a condition can."""


def read_condition(text: str) -> dict[str, Any]:
    """Return the condition that an expression says, as data: ``{"all": [clauses]}``.

    Raises:
        UnableToReadExpression: it mixes and with or, or has a part that is not known.
    """
    parts = JOIN.split(text.strip())
    joins = set(parts[1::2])
    if len(joins) > 1:
        raise UnableToReadExpression("Use either and or or in one condition, not both.")
    clauses = [_clause(part.strip()) for part in parts[::2]]
    return {"any" if joins == {"or"} else "all": clauses}


def _clause(text: str) -> dict[str, Any]:
    for form, compare in FORMS:
        found = form.fullmatch(text)
        if found is None:
            continue
        groups = found.groupdict()
        quoted = groups.get("single") if groups.get("single") is not None else groups.get("double")
        if "item" not in groups:
            return {"total": quoted or "", compare: groups["number"]}
        value = quoted if quoted is not None else groups.get("number")
        return {"item": groups["item"], compare: value or ""}
    raise UnableToReadExpression(
        "%(part)s is not understood. Possible: ${a} = 'x', ${a} != 'x', selected(${a}, 'x'),"
        " ${a} >= 1, ${a} <= 1, total() >= 1.",
        part=text,
    )


def read_bounds(text: str) -> dict[str, int]:
    """Return the least and the most that a constraint allows.

    Raises:
        UnableToReadExpression: it asks for something else.
    """
    bounds: dict[str, int] = {}
    for part in JOIN.split(text.strip())[::2]:
        found = BOUND.fullmatch(part.strip())
        if found is None or " or " in text:
            raise UnableToReadExpression("A constraint can say: . >= 0 and . <= 10.")
        bounds["at_least" if found[1] == ">=" else "at_most"] = int(found[2])
    return bounds
