"""Reading rules and decisions. Rules in force are kept in the process until one changes.

`freshness` hears of a change; what it could miss is read again after a minute.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.standards import kinds
from bihuan.kernel.ground.standards.models import DecisionRow, StandardRow
from bihuan.kernel.ground.standards.types import (
    Decision,
    DecisionId,
    Reason,
    Replay,
    Standard,
    StandardId,
)

KEPT_SECONDS = 60.0

_kept: dict[str, tuple[float, tuple[Standard, ...]]] = {}
_changes = itertools.count(1)
_change = 0
"""Counts what was heard: a reading begun before a change is not kept after it."""


class UnableToFindStandard(LookupError):
    """No version of the rule is in force on that day."""


def forget() -> None:
    """Forget what the process keeps; loading, tests and the word of a change call it."""
    global _change  # noqa: PLW0603  one number of the process
    _change = next(_changes)
    _kept.clear()


def list_versions(code: str) -> tuple[Standard, ...]:
    """Return every version of a rule, the oldest first."""
    found = _kept.get(code)
    if found is not None and time.monotonic() - found[0] < KEPT_SECONDS:
        return found[1]
    begun = _change
    rows = StandardRow.objects.filter(code=code).order_by("county", "valid_from")
    versions = tuple(_standard(row) for row in rows)
    if begun == _change:
        _kept[code] = (time.monotonic(), versions)
    return versions


def get_standard(code: str, *, on: date, county: str | None = None) -> Standard:
    """Return the version in force on a business date; the county's own before the city's.

    Raises:
        UnableToFindStandard: none is.
    """
    found = find_standard(code, on=on, county=county)
    if found is None:
        raise UnableToFindStandard(f"no version of {code} is in force on {on}")
    return found


def find_standard(code: str, *, on: date, county: str | None = None) -> Standard | None:
    """Return the version in force on a business date, or None."""
    fitting = [
        s
        for s in list_versions(code)
        if s.county in {"", county or ""}
        and s.valid_from <= on
        and (s.valid_to is None or on < s.valid_to)
    ]
    return max(fitting, key=lambda s: s.county, default=None)


def get_first(codes: Sequence[str], *, on: date, county: str | None = None) -> Standard:
    """Return the first of several rules that is in force: the particular before the general.

    Raises:
        UnableToFindStandard: none of them is.
    """
    for code in codes:
        found = find_standard(code, on=on, county=county)
        if found is not None:
            return found
    raise UnableToFindStandard(f"none of {', '.join(codes)} is in force on {on}")


def _standard(row: StandardRow) -> Standard:
    return Standard(
        id=StandardId(row.pk),
        code=row.code,
        version=row.version,
        value=row.value,
        source=row.source,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        county=row.county,
    )


def get_decision(decision_id: DecisionId) -> Decision:
    """Return a stored decision."""
    return to_decision(DecisionRow.objects.select_related("standard").get(pk=decision_id))


def list_decisions(subject: Ref, *, limit: int = 100) -> tuple[Decision, ...]:
    """Return the decisions about a subject, the newest first."""
    rows = DecisionRow.objects.select_related("standard").filter(
        subject_kind=subject.kind, subject_key=subject.key
    )
    return tuple(to_decision(row) for row in rows.order_by("-at", "-pk")[:limit])


def to_decision(row: DecisionRow) -> Decision:
    """Return the row as a value."""
    return Decision(
        id=DecisionId(row.pk),
        rule=row.rule,
        standard_id=StandardId(row.standard_id),
        standard_version=row.standard.version,
        subject=Ref(row.subject_kind, row.subject_key),
        inputs=row.inputs,
        inputs_hash=row.inputs_hash,
        value=row.value,
        reasons=tuple(_reason(item) for item in row.reasons),
        at=row.at,
    )


def _reason(item: dict[str, Any]) -> Reason:
    evidence = item.get("evidence")
    kind, _, key = (evidence or "").partition(":")
    return Reason(
        item["code"], item["points"], item["params"], Ref(kind, key) if evidence else None
    )


def replay(decision_id: DecisionId) -> Replay:
    """Compute a decision again from the stored version and inputs."""
    row = DecisionRow.objects.select_related("standard").get(pk=decision_id)
    outcome = kinds.get_rule(row.rule)(row.standard.value, row.inputs)
    return Replay(to_decision(row), outcome.value, outcome.value == row.value)
