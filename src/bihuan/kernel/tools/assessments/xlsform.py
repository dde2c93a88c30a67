"""Reading a questionnaire that somebody wrote in Excel, by the XLSForm convention.

pyxform reads the sheets `survey` and `choices` (it knows the convention's many spellings) and says
what does not hold together; the sheets `settings`, `bands` and `alerts` and the place of each cell
are read here. Everything wrong is named by sheet, row and column, all at once where it can be.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from pyxform import xls2json, xls2json_backends
from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError

from bihuan.kernel.tools.assessments.cells import (
    CellFault,
    Sheet,
    UnableToReadForm,
    read_sheets,
    text_of,
)
from bihuan.kernel.tools.assessments.expressions import (
    UnableToReadExpression,
    read_bounds,
    read_condition,
)
from bihuan.kernel.tools.assessments.rules.checking import check_definition
from bihuan.kernel.tools.assessments.rules.data import UnableToReadDefinition, from_data
from bihuan.kernel.tools.assessments.types import Definition, Outcome, Problem
from bihuan.kernel.tools.assessments.web.words import problem_words

logging.getLogger("pyxform").setLevel(logging.ERROR)

TYPES = {
    "select one": "choice",
    "select all that apply": "choices",
    "integer": "whole",
    "decimal": "number",
    "text": "text",
    "date": "date",
    "note": "note",
}
MACHINE = {"start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit"}
"""What a phone would fill in by itself: who and when are recorded anyway."""
COLUMNS = {
    "code": "name",
    "shown_if": "relevant",
    "options": "type",
    "at_least": "constraint",
    "photo_on": "photo_on",
}
OUTCOMES = {outcome.value for outcome in Outcome}
YES = {"yes", "true", "true()", "1", "是"}
ROW = re.compile(r"\[row : (\d+)\]")


@dataclass(frozen=True, slots=True)
class Imported:
    """A questionnaire as it was read, the day from which it holds, and what was not taken."""

    definition: Definition
    valid_from: date
    not_taken: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    sheets: dict[str, Sheet]
    faults: list[CellFault] = field(default_factory=list)
    not_taken: list[str] = field(default_factory=list)
    language: str = ""

    def fault(self, sheet: str, row: int, column: str, written: object, words: str) -> None:
        where = self.sheets.get(sheet, Sheet(sheet))
        self.faults.append(CellFault(sheet, row, where.letter(column), text_of(written), words))


def read_xlsform(body: bytes) -> Imported:
    """Return the questionnaire in an ``.xlsx`` file.

    Raises:
        UnableToReadForm: it is no such file, or cells must be mended; `faults` names them.
    """
    reader = _Reader(read_sheets(body))
    form = _by_pyxform(body, reader)
    given = _settings(reader)
    reader.language = text_of(form.get("default_language"))
    items = list(_items(form.get("children", []), reader, section="", shown_if=[]))
    scoring = _scoring(reader, given, items)
    data = given["top"] | {"items": items, "scoring": scoring, "alerts": list(_alerts(reader))}
    if reader.faults:
        raise _refusal(reader)
    try:
        definition = from_data(data)
    except UnableToReadDefinition as error:
        raise UnableToReadForm("The file could not be read: %(fault)s", fault=str(error)) from error
    for problem in check_definition(definition):
        _locate(problem, reader)
    if reader.faults:
        raise _refusal(reader)
    return Imported(definition, given["valid_from"], tuple(dict.fromkeys(reader.not_taken)))


def _refusal(reader: _Reader) -> UnableToReadForm:
    refusal = UnableToReadForm("%(count)s cells must be mended.", count=len(reader.faults))
    refusal.faults = tuple(reader.faults)
    return refusal


# -- survey and choices ---------------------------------------------------------------------------


def _by_pyxform(body: bytes, reader: _Reader) -> Mapping[str, Any]:
    """Return the form as pyxform understands it, once the whole holds together for it too."""
    try:
        book = xls2json_backends.get_xlsform(body, file_type=".xlsx")
        form = xls2json.workbook_to_json(book, fallback_form_name="form", warnings=[])
        create_survey_element_from_dict(form).to_xml(validate=False, warnings=[])
    except PyXFormError as error:
        context = error.context
        found = ROW.search(str(error))
        row = int(context.get("row") or (found[1] if found else 1))
        sheet, column = text_of(context.get("sheet")) or "survey", text_of(context.get("column"))
        reader.fault(sheet, row, column, "", ROW.sub("", str(error)).strip())
        raise _refusal(reader) from error
    except Exception as error:  # pyxform stumbles in many ways over what is no form at all
        raise UnableToReadForm("The sheets survey, choices and settings are expected.") from error
    return dict(form)


def _items(
    children: list[Any], reader: _Reader, *, section: str, shown_if: list[Any]
) -> Iterator[dict[str, Any]]:
    for child in children:
        name, kind = text_of(child.get("name")), text_of(child.get("type"))
        row = reader.sheets["survey"].find("name", name)
        if name == "meta" or kind in MACHINE:
            if kind in MACHINE:
                reader.not_taken.append(_("%(name)s: recorded anyway") % {"name": name})
        elif kind == "group":
            title = _label(child.get("label"), reader) or section
            condition = [*shown_if, *_clauses(child, reader, row)]
            inner = child.get("children", [])
            yield from _items(inner, reader, section=title, shown_if=condition)
        elif kind in TYPES:
            yield _item(child, reader, row, section=section, shown_if=shown_if)
        else:
            words = _("Type %(type)s is not supported. Possible: %(known)s.")
            known = "select_one, select_multiple, integer, decimal, text, date, note"
            written = reader.sheets["survey"].written(row, "type")
            words %= {"type": written, "known": known}
            reader.fault("survey", row, "type", written, words)


def _item(
    child: Mapping[str, Any], reader: _Reader, row: int, *, section: str, shown_if: list[Any]
) -> dict[str, Any]:
    bind = child.get("bind", {})
    kind = TYPES[text_of(child.get("type"))]
    item: dict[str, Any] = {
        "code": text_of(child.get("name")),
        "text": _label(child.get("label"), reader),
        "type": kind,
        "section": section,
        "hint": _label(child.get("hint"), reader),
        "required": text_of(bind.get("required")).lower() in YES,
        "dimension": text_of(child.get("dimension")),
        "reversed": text_of(child.get("reversed")).lower() in YES,
        "scored": text_of(child.get("scored")).lower() in YES,
        "labels": {k: text_of(v) for k, v in _mapping(child.get("labels")).items()},
    }
    for name in ("photo_on", "note_on"):
        item[name] = text_of(child.get(name)).replace(",", " ").split()
        if not OUTCOMES.issuperset(item[name]):
            words = _("Possible: pass, fail, waived, not_seen.")
            reader.fault("survey", row, name, child.get(name), words)
    if text_of(child.get("weight")):
        item["weight"] = _whole(child["weight"], reader, "survey", row, "weight")
    if kind in {"choice", "choices"}:
        item["options"] = [_option(choice, child, reader) for choice in child.get("choices", [])]
    if not item["text"]:
        reader.fault("survey", row, "label", "", _("Write what is asked."))
    _read_bounds(item, bind, reader, row)
    clauses = [*shown_if, *_clauses(child, reader, row)]
    if clauses:
        item["shown_if"] = _joined(clauses, reader, row)
    return item


def _option(choice: Mapping[str, Any], child: Mapping[str, Any], reader: _Reader) -> dict[str, Any]:
    sheet, code = reader.sheets["choices"], text_of(choice.get("name"))
    list_name = text_of(child.get("list_name") or child.get("itemset"))
    rows = (
        n
        for n, cells in sheet.cells()
        if (text_of(cells.get("list_name")), text_of(cells.get("name"))) == (list_name, code)
    )
    row = next(rows, 1)
    option: dict[str, Any] = {"code": code, "text": _label(choice.get("label"), reader) or code}
    if text_of(choice.get("points")):
        option["points"] = _whole(choice["points"], reader, "choices", row, "points")
    if text_of(choice.get("outcome")):
        option["outcome"] = text_of(choice["outcome"])
        if option["outcome"] not in OUTCOMES:
            words = _("Possible: pass, fail, waived, not_seen.")
            reader.fault("choices", row, "outcome", option["outcome"], words)
    return option


def _clauses(child: Mapping[str, Any], reader: _Reader, row: int) -> list[Any]:
    relevant = text_of(child.get("bind", {}).get("relevant"))
    if not relevant:
        return []
    try:
        return [read_condition(relevant)]
    except UnableToReadExpression as error:
        reader.fault("survey", row, "relevant", relevant, error.spoken())
        return []


def _joined(conditions: list[Any], reader: _Reader, row: int) -> dict[str, Any]:
    """Join the conditions of the groups around an item with its own."""
    if len(conditions) == 1:
        return dict(conditions[0])
    if any("any" in condition for condition in conditions):
        words = _("A condition with or cannot stand inside a group that has a condition.")
        reader.fault("survey", row, "relevant", "", words)
    return {"all": [clause for c in conditions for clause in c.get("all", [])]}


def _read_bounds(item: dict[str, Any], bind: Mapping[str, Any], reader: _Reader, row: int) -> None:
    constraint = text_of(bind.get("constraint"))
    if not constraint:
        return
    try:
        item |= read_bounds(constraint)
    except UnableToReadExpression as error:
        reader.fault("survey", row, "constraint", constraint, error.spoken())


def _label(label: Any, reader: _Reader) -> str:
    """Return a text; of several languages the form's own, else the first."""
    if not isinstance(label, Mapping):
        return text_of(label)
    own = reader.language if reader.language in label else next(iter(label), "")
    others = [language for language in label if language != own]
    if others:
        reader.not_taken.append(_("Other languages: %(names)s") % {"names": ", ".join(others)})
    return text_of(label.get(own))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(value: Any, reader: _Reader, sheet: str, row: int, column: str) -> int:
    text = text_of(value)
    if re.fullmatch(r"-?\d{1,6}(\.0+)?", text):
        return int(float(text))
    words = _("A whole number is expected. Who needs halves doubles them all.")
    reader.fault(sheet, row, column, text, words)
    return 0


# -- settings, bands, alerts ----------------------------------------------------------------------


def _settings(reader: _Reader) -> dict[str, Any]:
    sheet = reader.sheets.get("settings", Sheet("settings"))
    row, cells = next(sheet.cells(), (2, {}))
    for name in ("form_title", "form_id", "source", "valid_from"):
        if not text_of(cells.get(name)):
            reader.fault("settings", row, name, "", _("This is missing."))
    kind = text_of(cells.get("kind")) or "questionnaire"
    if kind not in {"checklist", "questionnaire", "scale"}:
        words = _("Possible: checklist, questionnaire, scale.")
        reader.fault("settings", row, "kind", kind, words)
    top = {
        "code": text_of(cells.get("form_id")),
        "title": text_of(cells.get("form_title")),
        "kind": kind,
        "source": text_of(cells.get("source")),
        "sensitive": text_of(cells.get("sensitive")).lower() in YES,
        "opening": text_of(cells.get("opening")),
        "licence": {
            "holder": text_of(cells.get("licence_holder")),
            "terms": text_of(cells.get("licence_terms")),
            "needs_grant": text_of(cells.get("licence_needs_grant")).lower() in YES,
        },
    }
    return {
        "top": top,
        "row": row,
        "valid_from": _day(cells.get("valid_from"), reader, row),
        "scoring": text_of(cells.get("scoring")),
        "prorate_up_to": cells.get("prorate_up_to"),
    }


def _day(value: Any, reader: _Reader, row: int) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(text_of(value))
    except ValueError:
        if text_of(value):
            words = _("Write a day such as 2026-06-24.")
            reader.fault("settings", row, "valid_from", value, words)
        return date.min


def _scoring(
    reader: _Reader, given: Mapping[str, Any], items: list[dict[str, Any]]
) -> dict[str, Any]:
    method = given["scoring"] or "none"
    if method not in {"none", "sum", "weighted"}:
        words = _("Possible: none, sum, weighted.")
        reader.fault("settings", given["row"], "scoring", method, words)
    by_dimension: dict[str, list[dict[str, Any]]] = {"": []}
    by_dimension |= {item["dimension"]: [] for item in items}
    sheet = reader.sheets.get("bands", Sheet("bands"))
    for row, cells in sheet.cells():
        band = {"code": text_of(cells.get("code")), "text": text_of(cells.get("text"))}
        for name in ("code", "text"):
            if not band[name]:
                reader.fault("bands", row, name, "", _("This is missing."))
        ends = {
            name: _whole(cells.get(name), reader, "bands", row, name)
            for name in ("at_least", "at_most")
        }
        by_dimension.setdefault(text_of(cells.get("dimension")), []).append(band | ends)
    scoring: dict[str, Any] = {"method": method, "bands": by_dimension.pop("")}
    scoring["dimensions"] = [
        {"code": code, "text": code, "bands": bands} for code, bands in by_dimension.items()
    ]
    if text_of(given["prorate_up_to"]):
        found = _whole(given["prorate_up_to"], reader, "settings", given["row"], "prorate_up_to")
        scoring["prorate_up_to"] = max(0, found)
    return scoring


def _alerts(reader: _Reader) -> Iterator[dict[str, Any]]:
    for row, cells in reader.sheets.get("alerts", Sheet("alerts")).cells():
        alert: dict[str, Any] = {k: text_of(cells.get(k)) for k in ("code", "text")}
        for name in ("code", "text", "when"):
            if not text_of(cells.get(name)):
                reader.fault("alerts", row, name, "", _("This is missing."))
        try:
            alert["when"] = read_condition(text_of(cells.get("when")))
        except UnableToReadExpression as error:
            reader.fault("alerts", row, "when", cells.get("when"), error.spoken())
        yield alert


# -- where a problem stands -----------------------------------------------------------------------


def _locate(problem: Problem, reader: _Reader) -> None:
    """Write a problem of the whole down at the cell from which it comes."""
    words, value = problem_words(problem), text_of(problem.params.get("value"))
    if problem.item:
        row = reader.sheets["survey"].find("name", problem.item)
        column = COLUMNS.get(problem.part, problem.part)
        reader.fault("survey", row, column, value or problem.item, words)
    elif problem.part in {"bands", "alerts"}:
        sheet = reader.sheets.get(problem.part, Sheet(problem.part))
        reader.fault(problem.part, sheet.find("code", value), "code", value, words)
    else:
        column = {"code": "form_id"}.get(problem.part, problem.part)
        row = 1 if problem.part == "items" else 2
        reader.fault("survey" if problem.part == "items" else "settings", row, column, value, words)
