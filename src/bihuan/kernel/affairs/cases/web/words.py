"""Words of states, moves and kinds, for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.kernel.affairs.cases.types import PartState, State

STATES = {
    State.REPORTED: _("Reported"),
    State.VERIFYING: _("Being looked at"),
    State.REJECTED: _("Not taken on"),
    State.MERGED: _("Merged"),
    State.FILED: _("To be dispatched"),
    State.RETURNED: _("Returned"),
    State.DISPATCHED: _("To be signed for"),
    State.SIGNED: _("Signed for"),
    State.IN_PROGRESS: _("Being handled"),
    State.SUSPENDED: _("Suspended"),
    State.FED_BACK: _("To be verified"),
    State.REWORK: _("Reworked"),
    State.CLOSED: _("Waiting for a verdict"),
    State.EVALUATED: _("Loop closed"),
    State.VOIDED: _("Void"),
}
PART_STATES = {
    PartState.DISPATCHED: _("To be signed for"),
    PartState.SIGNED: _("Signed for"),
    PartState.IN_PROGRESS: _("Being handled"),
    PartState.FED_BACK: _("Fed back"),
    PartState.REWORK: _("Reworked"),
    PartState.RETURNED: _("Returned"),
    PartState.ACCEPTED: _("Accepted"),
    PartState.WITHDRAWN: _("Withdrawn"),
}
LINKS = (
    pgettext_lazy("link", "Report"),
    pgettext_lazy("link", "File"),
    pgettext_lazy("link", "Dispatch"),
    pgettext_lazy("link", "Handle"),
    pgettext_lazy("link", "Feed back"),
    pgettext_lazy("link", "Verify"),
    pgettext_lazy("link", "Evaluate"),
)
MOVES = {
    "check_first": _("Look at it first"),
    "file": _("Take it on"),
    "reject": _("Do not take it on"),
    "merge": _("Merge"),
    "void": _("Void"),
    "dispatch": _("Dispatch"),
    "suspend": _("Suspend"),
    "resume": _("Go on"),
    "pass": _("It is done"),
    "fail": _("It is not done"),
    "evaluate": _("Give a verdict"),
    "redo": _("Have it done again"),
    "sign": _("Sign for it"),
    "start": _("Begin"),
    "feed_back": _("Feed back"),
    "return": _("Return"),
    "say_done": _("We have cleared it"),
}
TOLD = {
    "raise": _("Reported."),
    "check_first": _("Somebody goes and looks first."),
    "file": _("Taken on."),
    "reject": _("Not taken on."),
    "merge": _("Merged with a matter about the same."),
    "void": _("Entered in error."),
    "dispatch": _("Dispatched."),
    "suspend": _("Suspended."),
    "resume": _("Going on."),
    "pass": _("Verified on the spot: done."),
    "fail": _("Verified on the spot: not done yet."),
    "evaluate": _("Gave a verdict."),
    "redo": _("Asked to have it done again."),
    "sign": _("Signed for."),
    "start": _("Begun."),
    "feed_back": _("Done, waiting to be verified."),
    "return": _("Returned."),
    "say_done": _("The firm says it has cleared it."),
}
"""What a timeline says of each move."""

GRADES = {"general": _("General hazard"), "major": _("Major hazard")}
RATINGS = {
    "satisfied": _("Satisfied"),
    "fairly_satisfied": _("Fairly satisfied"),
    "neutral": _("So-so"),
    "unsatisfied": _("Not satisfied"),
}
KINDS = {"appeal": _("Appeal"), "hazard": _("Hazard")}
PROMISES = {
    State.REPORTED: _("Taken on or answered by"),
    State.VERIFYING: _("Taken on or answered by"),
    State.FILED: _("Dispatched by"),
    State.RETURNED: _("Dispatched again by"),
    State.FED_BACK: _("Verified by"),
}
"""What is promised for the due time in a state; otherwise that it is done."""
DONE_BY = _("Done by")

OUTSIDE = frozenset({State.REJECTED, State.MERGED, State.RETURNED, State.SUSPENDED, State.VOIDED})


def state_words(state: State) -> str:
    """Return a state in words."""
    return str(STATES[state])


def move_words(move: str) -> str:
    """Return a move in words."""
    return str(MOVES[move])


def kind_words(kind: str) -> str:
    """Return a kind of matter in words."""
    return str(KINDS.get(kind, kind))
