"""Whom the life of a matter concerns is told of it: reactions to its facts, safe to run twice.

Who raised it hears each step that the table names a notice for; units hear what they have to do;
the firm concerned hears how a hazard was graded and verified. Nobody is told who did not give a
name.
"""

from __future__ import annotations

from bihuan.kernel.affairs.cases.subscribers.telling import matter_moved, part_moved
from bihuan.kernel.affairs.cases.subscribers.words import KINDS
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.tools.notices import api as notices


def start() -> None:
    """Declare the kinds and listen."""
    for kind in KINDS:
        notices.declare_kind(kind)
    events.subscribe("cases.case_moved.v1", "cases.tell", matter_moved)
    events.subscribe("cases.part_moved.v1", "cases.tell", part_moved)


__all__ = ["KINDS", "matter_moved", "part_moved", "start"]
