"""Whom the life of a matter concerns is told of it: reactions to its facts, safe to run twice.

Who raised it hears each step that the table names a notice for; units hear what they have to do;
the firm concerned hears how a hazard was graded and verified. Nobody is told who did not give a
name.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.queries.ladder import list_uncovered
from bihuan.kernel.affairs.cases.subscribers import escalating
from bihuan.kernel.affairs.cases.subscribers.ladder_words import LADDER_KINDS
from bihuan.kernel.affairs.cases.subscribers.telling import matter_moved, part_moved
from bihuan.kernel.affairs.cases.subscribers.words import KINDS
from bihuan.kernel.affairs.cases.types import CASE, MAY_INSTRUCT, MAY_SEE, PART
from bihuan.kernel.affairs.cases.types.ladder import MAIN_LEADER, UNIT_HEAD
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Duty
from bihuan.kernel.tools.notices import api as notices


def start() -> None:
    """Declare the kinds and listen."""
    for kind in (*KINDS, *LADDER_KINDS):
        notices.declare_kind(kind)
    events.subscribe("cases.case_moved.v1", "cases.tell", matter_moved)
    events.subscribe("cases.part_moved.v1", "cases.tell", part_moved)
    _escalate()


def _escalate() -> None:
    """Answer for the clocks of matters: tell of their rungs, follow the calendar."""
    registry.declare_duty(Duty(UNIT_HEAD, _("Head of unit"), frozenset({MAY_SEE})))
    registry.declare_duty(Duty(MAIN_LEADER, _("Main leader"), frozenset({MAY_SEE, MAY_INSTRUCT})))
    clocks.declare_cover("cases", (CASE, PART), list_uncovered)
    events.subscribe("clocks.rung_reached.v1", "cases.ladder", escalating.rung_reached)
    events.subscribe("clocks.due_moved.v1", "cases.ladder", escalating.due_moved)
    events.subscribe("cases.part_handed_on.v1", "cases.tell", escalating.handed_on)
    events.subscribe("clocks.notice_missing.v1", "cases.ladder", escalating.notice_missing)


__all__ = ["KINDS", "matter_moved", "part_moved", "start"]
