"""A definition as plain data and back: what files hold, the database keeps and the phone draws."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from bihuan.kernel.tools.assessments.types import (
    Alert,
    Band,
    Clause,
    Compare,
    Condition,
    DeclaredVersion,
    Definition,
    Dimension,
    Instrument,
    InstrumentCode,
    Item,
    ItemType,
    Kind,
    Licence,
    Method,
    Option,
    Outcome,
    Scoring,
)

T = TypeVar("T")
Data = dict[str, Any]

TOP = {"code", "title", "kind", "sensitive", "source", "language", "opening", "items", "scoring"}
TOP |= {"alerts", "licence"}
FILE = {"number", "valid_from", "licence_grant"}
ITEM = {"code", "text", "type", "section", "hint", "required", "options", "shown_if", "at_least"}
ITEM |= {"at_most", "photo_on", "note_on", "dimension", "weight", "reversed", "scored", "labels"}


class UnableToReadDefinition(ValueError):
    """The data is no definition; the text says where and why."""


def hash_definition(definition: Definition) -> str:
    """Return the hash of the content: two versions with the same hash ask the same."""
    text = json.dumps(to_data(definition), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# -- to data --------------------------------------------------------------------------------------


def to_data(definition: Definition) -> Data:
    """Return the definition as JSON can hold it; what is empty is left out."""
    instrument = definition.instrument
    return _lean(
        code=str(instrument.code),
        title=instrument.title,
        kind=instrument.kind.value,
        sensitive=instrument.sensitive,
        source=definition.source,
        language=definition.language,
        opening=definition.opening,
        items=[_item_data(item) for item in definition.items],
        scoring=_scoring_data(definition.scoring),
        alerts=[
            {"code": a.code, "text": a.text, "when": _condition_data(a.when)}
            for a in definition.alerts
        ],
        licence=_lean(
            holder=definition.licence.holder,
            terms=definition.licence.terms,
            needs_grant=definition.licence.needs_grant,
        ),
    )


def _lean(**fields: Any) -> Data:
    return {k: v for k, v in fields.items() if v is not None and v not in ("", [], {}, False)}


def _item_data(item: Item) -> Data:
    found = _lean(
        code=item.code,
        text=item.text,
        type=item.type.value,
        section=item.section,
        hint=item.hint,
        options=[
            _lean(
                code=o.code,
                text=o.text,
                points=o.points,
                outcome=o.outcome.value if o.outcome else None,
            )
            for o in item.options
        ],
        shown_if=_condition_data(item.shown_if),
        photo_on=sorted(o.value for o in item.photo_on),
        note_on=sorted(o.value for o in item.note_on),
        dimension=item.dimension,
        reversed=item.reversed,
        scored=item.scored,
        labels=dict(item.labels),
    )
    # Nought and "not required" are meant, so they cannot be left out as empty.
    exact = {"at_least": item.at_least, "at_most": item.at_most}
    found |= {k: v for k, v in exact.items() if v is not None}
    if not item.required:
        found["required"] = False
    if item.weight != 1:
        found["weight"] = item.weight
    for option, made in zip(item.options, found.get("options", ()), strict=True):
        if option.points is not None:
            made["points"] = option.points
    return found


def _condition_data(condition: Condition) -> Data:
    if not condition.clauses:
        return {}
    clauses = [
        ({"item": c.item} if c.item else {"total": c.dimension}) | {c.compare.value: c.value}
        for c in condition.clauses
    ]
    return {"any" if condition.any_of else "all": clauses}


def _scoring_data(scoring: Scoring) -> Data:
    if scoring.method is Method.NONE:
        return {}
    return _lean(
        method=scoring.method.value,
        bands=[_band_data(band) for band in scoring.bands],
        dimensions=[
            _lean(code=d.code, text=d.text, bands=[_band_data(b) for b in d.bands])
            for d in scoring.dimensions
        ],
        prorate_up_to=scoring.prorate_up_to or None,
    )


def _band_data(band: Band) -> Data:
    return {
        "code": band.code,
        "text": band.text,
        "at_least": band.at_least,
        "at_most": band.at_most,
    }


# -- from data ------------------------------------------------------------------------------------


def from_file(raw: Any, *, where: str, brought_by: str = "") -> DeclaredVersion:
    """Return the version that a scene's file declares.

    Raises:
        UnableToReadDefinition: a part is missing, unknown or of the wrong kind.
    """
    given = _mapping(raw, where, TOP | FILE)
    valid_from = given.get("valid_from")
    if not isinstance(valid_from, date):
        raise UnableToReadDefinition(f"{where}: valid_from is no day")
    return DeclaredVersion(
        number=_whole(given.get("number"), f"{where}, number", least=1),
        valid_from=valid_from,
        definition=from_data({k: v for k, v in given.items() if k not in FILE}, where=where),
        brought_by=brought_by,
        licence_grant=str(given.get("licence_grant", "")),
    )


def from_data(raw: Any, *, where: str = "definition") -> Definition:
    """Return the definition that the data spells.

    Raises:
        UnableToReadDefinition: a part is missing, unknown or of the wrong kind.
    """
    given = _mapping(raw, where, TOP)
    instrument = Instrument(
        code=InstrumentCode(_text(given, "code", where)),
        title=_text(given, "title", where),
        kind=_word(Kind, given.get("kind"), f"{where}, kind"),
        sensitive=_flag(given, "sensitive", where),
    )
    licence = _mapping(given.get("licence") or {}, where, {"holder", "terms", "needs_grant"})
    return Definition(
        instrument=instrument,
        source=_text(given, "source", where),
        language=str(given.get("language", "zh-Hans")),
        opening=str(given.get("opening", "")),
        items=_each(given.get("items"), f"{where}, items", _item),
        scoring=_scoring(given.get("scoring") or {}, f"{where}, scoring"),
        alerts=_each(given.get("alerts") or [], f"{where}, alerts", _alert),
        licence=Licence(
            holder=str(licence.get("holder", "")),
            terms=str(licence.get("terms", "")),
            needs_grant=_flag(licence, "needs_grant", where),
        ),
    )


def _item(raw: Any, where: str) -> Item:
    given = _mapping(raw, where, ITEM)
    where = f"{where} {given.get('code', '')}"
    labels = _mapping(given.get("labels") or {}, where, None)
    return Item(
        code=_text(given, "code", where),
        text=_text(given, "text", where),
        type=_word(ItemType, given.get("type", "check"), f"{where}, type"),
        section=str(given.get("section", "")),
        hint=str(given.get("hint", "")),
        required=_flag(given, "required", where, default=True),
        options=_each(given.get("options") or [], f"{where}, options", _option),
        shown_if=_condition(given.get("shown_if") or {}, f"{where}, shown_if"),
        at_least=_perhaps_whole(given, "at_least", where),
        at_most=_perhaps_whole(given, "at_most", where),
        photo_on=_outcomes(given.get("photo_on"), f"{where}, photo_on"),
        note_on=_outcomes(given.get("note_on"), f"{where}, note_on"),
        dimension=str(given.get("dimension", "")),
        weight=_whole(given.get("weight", 1), f"{where}, weight"),
        reversed=_flag(given, "reversed", where),
        scored=_flag(given, "scored", where),
        labels=tuple((str(k), str(v)) for k, v in sorted(labels.items())),
    )


def _option(raw: Any, where: str) -> Option:
    given = _mapping(raw, where, {"code", "text", "points", "outcome"})
    outcome = given.get("outcome")
    return Option(
        code=_text(given, "code", where),
        text=_text(given, "text", where),
        points=_perhaps_whole(given, "points", where),
        outcome=_word(Outcome, outcome, where) if outcome is not None else None,
    )


def _condition(raw: Any, where: str) -> Condition:
    given = _mapping(raw, where, {"all", "any"})
    if not given:
        return Condition()
    if len(given) != 1:
        raise UnableToReadDefinition(f"{where}: either all or any is expected")
    ((how, clauses),) = given.items()
    return Condition(_each(clauses, where, _clause), any_of=how == "any")


def _clause(raw: Any, where: str) -> Clause:
    compares = {c.value for c in Compare}
    given = _mapping(raw, where, {"item", "total", *compares})
    named = [key for key in given if key in compares]
    if len(named) != 1 or ("item" in given) == ("total" in given):
        raise UnableToReadDefinition(f"{where}: one item or total, and one comparison is expected")
    value = given[named[0]]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnableToReadDefinition(f"{where}: {named[0]} needs a word or a whole number")
    item, total = str(given.get("item") or ""), str(given.get("total") or "")
    if "item" in given and not item:
        raise UnableToReadDefinition(f"{where}: the item has no name")
    return Clause(Compare(named[0]), str(value), item=item, dimension=total)


def _scoring(raw: Any, where: str) -> Scoring:
    given = _mapping(raw, where, {"method", "bands", "dimensions", "prorate_up_to"})
    return Scoring(
        method=_word(Method, given.get("method", "none"), where),
        bands=_each(given.get("bands") or [], f"{where}, bands", _band),
        dimensions=_each(given.get("dimensions") or [], f"{where}, dimensions", _dimension),
        prorate_up_to=_whole(given.get("prorate_up_to", 0), where, least=0),
    )


def _dimension(raw: Any, where: str) -> Dimension:
    given = _mapping(raw, where, {"code", "text", "bands"})
    bands = _each(given.get("bands") or [], where, _band)
    return Dimension(_text(given, "code", where), str(given.get("text", "")), bands)


def _band(raw: Any, where: str) -> Band:
    given = _mapping(raw, where, {"code", "text", "at_least", "at_most"})
    return Band(
        code=_text(given, "code", where),
        text=_text(given, "text", where),
        at_least=_whole(given.get("at_least"), where),
        at_most=_whole(given.get("at_most"), where),
    )


def _alert(raw: Any, where: str) -> Alert:
    given = _mapping(raw, where, {"code", "text", "when"})
    when = _condition(given.get("when") or {}, where)
    return Alert(_text(given, "code", where), _text(given, "text", where), when)


# -- parts ----------------------------------------------------------------------------------------


def _mapping(raw: Any, where: str, known: set[str] | None) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise UnableToReadDefinition(f"{where}: names with values are expected")
    strange = sorted(str(key) for key in raw if known is not None and key not in known)
    if strange:
        raise UnableToReadDefinition(f"{where}: {', '.join(strange)} is not known")
    return raw


def _each(raw: Any, where: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
    if not isinstance(raw, list):
        raise UnableToReadDefinition(f"{where}: a list is expected")
    return tuple(read(part, f"{where} {n}") for n, part in enumerate(raw, 1))


def _text(given: Mapping[str, Any], key: str, where: str) -> str:
    found = given.get(key)
    if not isinstance(found, str) or not found.strip():
        raise UnableToReadDefinition(f"{where}: {key} is missing or no text")
    return found.strip()


def _flag(given: Mapping[str, Any], key: str, where: str, *, default: bool = False) -> bool:
    found = given.get(key, default)
    if not isinstance(found, bool):
        raise UnableToReadDefinition(f"{where}: {key} is neither true nor false")
    return found


def _whole(raw: Any, where: str, *, least: int | None = None) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or (least is not None and raw < least):
        raise UnableToReadDefinition(f"{where}: a whole number is expected")
    return raw


def _perhaps_whole(given: Mapping[str, Any], key: str, where: str) -> int | None:
    return None if given.get(key) is None else _whole(given[key], f"{where}, {key}")


def _word(words: Any, raw: Any, where: str) -> Any:
    try:
        return words(raw)
    except ValueError as error:
        known = ", ".join(word.value for word in words)
        raise UnableToReadDefinition(f"{where}: {raw} is none of {known}") from error


def _outcomes(raw: Any, where: str) -> frozenset[Outcome]:
    return frozenset(_each(raw or [], where, lambda one, here: _word(Outcome, one, here)))
