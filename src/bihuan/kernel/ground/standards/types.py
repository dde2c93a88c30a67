"""Words of rules: a standard in force, a decision by it, a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NewType

from bihuan.kernel.ground.events.types import Ref

StandardId = NewType("StandardId", int)
DecisionId = NewType("DecisionId", int)


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of a rule: its value, from when to when, and where it comes from."""

    id: StandardId
    code: str
    version: int
    value: Any
    source: str
    valid_from: date
    valid_to: date | None
    county: str = ""
    """The county whose own rule it is; empty for the whole city."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision: a code, its weight in the result, and where it is proved."""

    code: str
    points: float = 0.0
    params: Mapping[str, Any] = field(default_factory=dict)
    evidence: Ref | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule function returns: the value and its reasons, in order of weight."""

    value: Any
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A stored result: which version, from which inputs, with which reasons, when."""

    id: DecisionId
    rule: str
    standard_id: StandardId
    standard_version: int
    subject: Ref
    inputs: Any
    inputs_hash: str
    value: Any
    reasons: tuple[Reason, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision computed again from what was stored."""

    decision: Decision
    value: Any
    same: bool
