"""A version as values that a template draws, and as JSON that a phone draws: one definition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from bihuan.kernel.tools.assessments.rules.data import to_data
from bihuan.kernel.tools.assessments.rules.scoring import dependents, shown_items
from bihuan.kernel.tools.assessments.types import (
    Answer,
    Answers,
    Assessment,
    Band,
    Clause,
    Compare,
    Counted,
    Definition,
    Fault,
    Item,
    ItemType,
    Option,
    Outcome,
    Version,
)
from bihuan.kernel.tools.assessments.web.words import MODES, fault_words, outcome_words

GLYPHS = {
    Outcome.PASS: "check",
    Outcome.FAIL: "alert-circle",
    Outcome.WAIVED: "x",
    Outcome.NOT_SEEN: "eye-check",
}


@dataclass(frozen=True, slots=True)
class SheetOption:
    """One answer to tap."""

    code: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One item as it is drawn."""

    number: int
    code: str
    type: str
    text: str
    hint: str
    options: tuple[SheetOption, ...]
    value: str
    note: str
    photos: tuple[str, ...]
    faults: tuple[str, ...]
    required: bool
    hidden: bool
    """Not asked with these answers: a place is kept for it, so that a tap can fill it."""
    controls: str
    """What a tap draws again: the items that come or go by its answer, and the headings."""
    takes_evidence: bool
    needs_photo: bool
    needs_note: bool
    condition: str
    least: int | None
    most: int | None

    @property
    def is_open(self) -> bool:
        """Return whether note and photos are shown at once."""
        return bool(self.note or self.photos or self.faults)


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Items under one heading."""

    title: str
    items: tuple[SheetItem, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version as a form."""

    version_id: int
    code: str
    number: int
    title: str
    opening: str
    source: str
    valid_from: date
    sections: tuple[SheetSection, ...]
    faults: int
    preview: bool


def sheet_of(
    version: Version, answers: Answers, faults: Iterable[Fault] = (), *, every: bool = False
) -> Sheet:
    """Return a version as a form with these answers; with `every`, hidden items too."""
    definition, wrong = version.definition, tuple(faults)
    shown = {
        item.code for item in (definition.items if every else shown_items(definition, answers))
    }
    titles = [title for title, _items in groupby(definition.items, key=lambda item: item.section)]
    controls = {} if every else _controls(definition, len(titles))
    numbers = _numbers(definition.items)
    drawn = [
        (
            item.section,
            _item(
                item,
                definition,
                answers.get(item.code, Answer()),
                tuple(fault_words(f) for f in wrong if f.item == item.code),
                hidden=item.code not in shown,
                controls=controls.get(item.code, ""),
                number=numbers.get(item.code, 0),
            ),
        )
        for item in definition.items
    ]
    return Sheet(
        version_id=version.id,
        code=version.code,
        number=version.number,
        title=definition.instrument.title,
        opening=definition.opening,
        source=definition.source,
        valid_from=version.valid_from,
        sections=tuple(
            _section(title, tuple(item for _title, item in group))
            for title, group in groupby(drawn, key=lambda pair: pair[0])
        ),
        faults=len(wrong),
        preview=every,
    )


def _section(title: str, items: tuple[SheetItem, ...]) -> SheetSection:
    return SheetSection(title, items, hidden=all(item.hidden for item in items))


def _controls(definition: Definition, sections: int) -> dict[str, str]:
    headings = [f"#section-{n}" for n in range(1, sections + 1)]
    return {
        code: ",".join([*(f"#item-{dependent}" for dependent in later), *headings])
        for code, later in dependents(definition).items()
    }


def _numbers(items: Iterable[Item]) -> dict[str, int]:
    asked = [item.code for item in items if item.type is not ItemType.NOTE]
    return {code: n for n, code in enumerate(asked, 1)}


def _item(
    item: Item,
    definition: Definition,
    answer: Answer,
    faults: tuple[str, ...],
    *,
    hidden: bool,
    controls: str,
    number: int,
) -> SheetItem:
    chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    return SheetItem(
        number=number,
        code=item.code,
        type=item.type.value,
        text=item.text,
        hint=item.hint,
        options=tuple(
            SheetOption(o.code, _option_text(item, o), o.code in chosen) for o in item.choices()
        ),
        value=answer.value if isinstance(answer.value, str) else "",
        note=answer.note,
        photos=answer.photos,
        faults=faults,
        required=item.required,
        hidden=hidden,
        controls=controls,
        takes_evidence=any(o.outcome for o in item.choices()),
        needs_photo=bool(item.photo_on),
        needs_note=bool(item.note_on),
        condition=" · ".join(_clause_words(c, definition) for c in item.shown_if.clauses),
        least=item.at_least,
        most=item.at_most,
    )


def _option_text(item: Item, option: Option) -> str:
    if item.type is ItemType.CHECK and option.outcome:
        return outcome_words(option.outcome)
    return option.text


SIGNS = {Compare.IS: "=", Compare.IS_NOT: "≠", Compare.AT_LEAST: "≥", Compare.AT_MOST: "≤"}


def _clause_words(clause: Clause, definition: Definition) -> str:
    item = definition.item(clause.item)
    left = item.text if item else f"Σ {clause.dimension}".strip()
    option = next((o for o in item.choices() if o.code == clause.value), None) if item else None
    right = _option_text(item, option) if item and option else clause.value
    return f"{left} {SIGNS[clause.compare]} {right}"


def definition_json(version: Version) -> dict[str, Any]:
    """Return what a phone needs to draw the same form and to send its answers back.

    The content is that of the page; the four options of `check` items are written out with their
    words. Answers go back as ``{item: {value, note, photos}}`` with `version_id`.
    """
    data = to_data(version.definition)
    for item, drawn in zip(version.definition.items, data["items"], strict=True):
        drawn["required"] = item.required and item.type is not ItemType.NOTE
        if item.type is ItemType.CHECK:
            drawn["options"] = [
                {"code": o.code, "text": _option_text(item, o), "outcome": o.code}
                for o in item.choices()
            ]
    return data | {
        "version_id": version.id,
        "number": version.number,
        "content_hash": version.content_hash,
        "valid_from": version.valid_from.isoformat(),
    }


# -- what it came to ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One item with its answer and outcome."""

    text: str
    answer: str
    outcome: str
    glyph: str
    failed: bool
    note: str
    photos: int


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """What was filled in, by which version, and what it came to."""

    title: str
    number: int
    short_hash: str
    mode: str
    lines: tuple[ResultLine, ...]
    hidden: int
    scores: tuple[tuple[str, int, str, bool], ...]
    """Of the whole and of each dimension: title, total, band, made up from a mean."""
    withheld: bool
    late: bool
    broken_off: bool


def result_sheet(assessment: Assessment) -> ResultSheet:
    """Return an assessment as values for a page."""
    definition, result = assessment.version.definition, assessment.result
    bands: dict[str, tuple[str, tuple[Band, ...]]] = {"": ("", definition.scoring.bands)}
    bands |= {d.code: (d.text, d.bands) for d in definition.scoring.dimensions}
    lines = [_line(c, definition) for c in (result.counted if result else ())]
    return ResultSheet(
        title=definition.instrument.title,
        number=assessment.version.number,
        short_hash=assessment.version.content_hash[:8],
        mode=str(MODES[assessment.mode]),
        lines=tuple(line for line in lines if line is not None),
        hidden=len(result.hidden) if result else 0,
        scores=tuple(
            (
                bands[s.dimension][0],
                s.total,
                next((b.text for b in bands[s.dimension][1] if b.code == s.band), ""),
                s.prorated,
            )
            for s in (result.scores if result else ())
        ),
        withheld=result is None,
        late=assessment.version_was_withdrawn,
        broken_off=assessment.broken_off,
    )


def _line(counted: Counted, definition: Definition) -> ResultLine | None:
    item, answer = definition.item(counted.item), counted.answer
    if item is None or item.type is ItemType.NOTE:
        return None
    chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    texts = {o.code: _option_text(item, o) for o in item.choices()}
    return ResultLine(
        text=item.text,
        answer="、".join(texts.get(code, code) for code in chosen if code),
        outcome=outcome_words(counted.outcome) if counted.outcome else "",
        glyph=GLYPHS[counted.outcome] if counted.outcome else "",
        failed=counted.outcome is Outcome.FAIL,
        note=answer.note,
        photos=len(answer.photos),
    )
