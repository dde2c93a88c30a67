"""Drawing a version as a form, reading it back, showing what it came to; the same for a phone."""

from bihuan.kernel.tools.assessments.web.answers import (
    answers_of_json,
    read_answers,
    wants_redrawing,
)
from bihuan.kernel.tools.assessments.web.sheets import (
    ResultLine,
    ResultSheet,
    Sheet,
    SheetItem,
    SheetOption,
    SheetSection,
    definition_json,
    result_sheet,
    sheet_of,
)
from bihuan.kernel.tools.assessments.web.words import fault_words, outcome_words, problem_words

__all__ = [
    "ResultLine",
    "ResultSheet",
    "Sheet",
    "SheetItem",
    "SheetOption",
    "SheetSection",
    "answers_of_json",
    "definition_json",
    "fault_words",
    "outcome_words",
    "problem_words",
    "read_answers",
    "result_sheet",
    "sheet_of",
    "wants_redrawing",
]
