"""Words of this story that stand on pages, papers and in workbooks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bihuan.scenes.joint_inspection.types import Step

LINE_NAMES = {
    "work_safety": "安全生产",
    "fire": "消防",
    "labour": "劳动保障",
    "market": "市场监管",
    "environment": "环保",
    "urban_management": "行政执法",
    "construction": "建筑",
}
"""The seven domains as the county writes them in its workbooks, whatever language a page has."""

_LINES = {
    "work_safety": gettext_noop("Work safety"),
    "fire": gettext_noop("Fire safety"),
    "labour": gettext_noop("Labour"),
    "market": gettext_noop("Market regulation"),
    "environment": gettext_noop("Environment"),
    "urban_management": gettext_noop("Urban enforcement"),
    "construction": gettext_noop("Construction"),
}
_STEPS = {
    Step.PLANNED: gettext_noop("planned"),
    Step.APPROVED: gettext_noop("approved"),
    Step.NOTIFIED: gettext_noop("notice given"),
    Step.STARTED: gettext_noop("under way"),
    Step.RECORDED: gettext_noop("record closed"),
    Step.TOLD: gettext_noop("result told"),
    Step.PUBLISHED: gettext_noop("published"),
}
_MEND = {
    "lacking": gettext_noop("Fill it in."),
    "line": gettext_noop("One of the seven departments, as in the template."),
    "code": gettext_noop("Letters and digits, for example i01."),
    "yes_or_no": gettext_noop("Write 是 or 否."),
    "day": gettext_noop("A day, for example 2026-01-01."),
    "order": gettext_noop("It ends after it begins."),
    "twice": gettext_noop("This number stands already. Give another one."),
}


def line_words(line: str) -> str:
    """Return the name of one of the seven domains."""
    return _(_LINES[line]) if line in _LINES else line


def step_words(step: Step) -> str:
    """Return how far a task has come."""
    return _(_STEPS[step])


def mend_words(code: str) -> str:
    """Return how a wrong cell is mended."""
    return _(_MEND[code])
