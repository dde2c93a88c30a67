"""Kinds of matters that the scenes declared, and what opens them; filled at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bihuan.kernel.affairs.cases.rules import check_lifecycle
from bihuan.kernel.affairs.cases.types import (
    CaseClass,
    CaseKind,
    KindCode,
    Opens,
    Raise,
    Stage,
    Terms,
)
from bihuan.kernel.ground.events.types import RecordedFact
from bihuan.kernel.ground.standards import api as standards

Raising = Callable[[RecordedFact], Raise | None]

_kinds: dict[KindCode, CaseKind] = {}
_opens: dict[tuple[str, KindCode], tuple[Opens, Raising]] = {}


class UnableToDeclareKind(ValueError):
    """A kind or an opening is declared twice; the site does not start."""


def declare_kind(kind: CaseKind) -> None:
    """Take in a kind, after its life was checked.

    Raises:
        UnableToDeclareKind: another declaration of the same kind stands.
        UnableToDeclareLife: its life could lose a matter.
    """
    check_lifecycle(kind.life)
    if _kinds.get(kind.code, kind) != kind:
        raise UnableToDeclareKind(f"kind {kind.code} is declared twice")
    _kinds[kind.code] = kind


def declare_opens(opens: Opens, raising: Raising) -> None:
    """Let a fact open matters of a kind; two openings for one fact and kind are refused."""
    key = (opens.on, opens.kind)
    if key in _opens and _opens[key][0] != opens:
        raise UnableToDeclareKind(f"{opens.on} already opens {opens.kind}")
    if opens.kind not in _kinds:
        raise UnableToDeclareKind(f"{opens.on} opens {opens.kind}, which nobody declared")
    _opens[key] = (opens, raising)


def get_kind(code: KindCode) -> CaseKind:
    """Return the kind called `code`.

    Raises:
        KeyError: no scene declared it.
    """
    return _kinds[code]


def all_kinds() -> tuple[CaseKind, ...]:
    """Return every kind."""
    return tuple(_kinds.values())


def all_opens() -> tuple[tuple[Opens, Raising], ...]:
    """Return every opening."""
    return tuple(_opens.values())


def find_class(kind: KindCode, class_code: str) -> CaseClass | None:
    """Return the class called `class_code` of a kind, or None."""
    if kind not in _kinds:
        return None
    return next((c for c in _kinds[kind].classes if c.code == class_code), None)


def class_title(kind: KindCode, class_code: str) -> str:
    """Return the title of a class, or its code."""
    found = find_class(kind, class_code)
    return found.title if found else class_code


def terms_of_class(
    kind: KindCode, class_code: str, *, on: date, county: str | None = None
) -> Terms:
    """Return the rules of a class in force on a day, with the limit of each stage.

    A class without rules of its own has one stage, with the limit of its code or of its room.
    """
    found = standards.find_standard(f"cases.class.{kind}.{class_code}", on=on, county=county)
    terms = Terms.from_value(found.value, version=found.version) if found else Terms()
    if terms.stages:
        return terms
    codes = (f"cases.limit.dispose.{class_code}", "cases.limit.dispose")
    limit = standards.get_first(codes, on=on, county=county).value
    return replace(terms, stages=(Stage("", int(limit["amount"]), limit["unit"]),))
