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
    State.APPEALED: _("Looked at once more"),
    State.WITHDRAWN: _("Taken back"),
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
    "contact": _("Spoke with who raised it"),
    "start": _("Begin"),
    "feed_back": _("Feed back"),
    "return": _("Return"),
    "say_done": _("We have cleared it"),
    "appeal": _("I do not agree"),
    "grant_appeal": _("Take it on after all"),
    "uphold": _("Stay with the decision"),
    "detach": _("Let it go its own way again"),
    "supplement": _("Add something"),
    "withdraw": _("Take it back"),
    "assign": _("Assign after a joint review"),
    "finish_stage": _("Finish this stage"),
    "ask_extension": _("Ask for more time"),
    "allow_extension": _("Allow more time"),
    "refuse_extension": _("Allow no more time"),
    "ask_suspension": _("Ask to suspend"),
    "refuse_suspension": _("Do not suspend"),
    "review": _("Look at it again"),
    "supervise": _("Supervise"),
    "answer_supervision": _("Answer the supervision"),
    "report_malicious": _("Report abuse"),
    "confirm_malicious": _("Confirm the abuse"),
    "clear_malicious": _("It is no abuse"),
    "ask_unreasonable": _("Report as unreasonable"),
    "refuse_unreasonable": _("It is reasonable"),
    "allow_unreasonable": _("Agree that it is unreasonable"),
    "draft_answer": _("Draft the one answer"),
    "approve_answer": _("Approve the answer"),
    "reopen": _("It is back again"),
    "reopen_by_centre": _("Reopen"),
    "call_back": _("Call back"),
    "call_back_missed": _("Nobody was reached"),
    "call_back_redo": _("Have it done again"),
    "look_back": _("Looked back: it holds"),
    "look_back_again": _("Looked back: it does not hold"),
}
TOLD = {
    "raise": _("Reported."),
    "check_first": _("Somebody goes and looks first."),
    "write_down": _("What the voice note says was written down."),
    "claim": _("Put to the own account by number and receipt code."),
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
    "contact": _("The unit spoke with who raised it."),
    "start": _("Begun."),
    "feed_back": _("Done, waiting to be verified."),
    "return": _("Returned."),
    "hand_on": _("Its unit was dissolved; another one goes on. The deadline stays."),
    "say_done": _("The firm says it has cleared it."),
    "appeal": _("Does not agree with the decision."),
    "grant_appeal": _("Another person looked at it: taken on."),
    "uphold": _("Another person looked at it: the decision stands."),
    "detach": _("Goes its own way again."),
    "supplement": _("Added:"),
    "withdraw": _("Taken back."),
    "assign": _("Assigned after a joint review; it cannot be returned."),
    "finish_stage": _("A stage is finished."),
    "ask_extension": _("Asked for more time."),
    "allow_extension": _("More time was allowed."),
    "refuse_extension": _("No more time was allowed."),
    "ask_suspension": _("Asked to suspend it."),
    "refuse_suspension": _("It is not suspended."),
    "review": _("The review date came: going on."),
    "supervise": _("Supervised by the leader on duty."),
    "answer_supervision": _("Answered the supervision."),
    "report_malicious": _("Reported as abuse."),
    "confirm_malicious": _("Confirmed as abuse."),
    "clear_malicious": _("Not abuse."),
    "ask_unreasonable": _("Reported as unreasonable."),
    "refuse_unreasonable": _("The centre finds it reasonable."),
    "allow_unreasonable": _("The centre agrees: what was asked for cannot be given."),
    "draft_answer": _("Drafted the one answer."),
    "approve_answer": _("Approved the answer."),
    "reopen": _("Reported that it is back again."),
    "reopen_by_centre": _("Reopened by the centre."),
    "call_back": _("Called back."),
    "call_back_missed": _("Called back, nobody was reached."),
    "call_back_redo": _("Called back: not satisfied, it is done again."),
    "look_back": _("Looked back on the spot: it holds."),
    "look_back_again": _("Looked back on the spot: it does not hold."),
    "reply": _("Answered together with the main matter."),
    "reply_open": _("The main matter is handled again."),
}
"""What a timeline says of each move."""

GRADES = {"general": _("General hazard"), "major": _("Major hazard")}
RATINGS = {
    "satisfied": _("Satisfied"),
    "fairly_satisfied": _("Fairly satisfied"),
    "neutral": _("So-so"),
    "unsatisfied": _("Not satisfied"),
}
SOLVED = {
    "solved": _("Solved"),
    "partly": _("Partly solved"),
    "not": _("Not solved"),
    "not_feasible": _("It cannot be done, and I was told why"),
}
CHANNELS = {"phone": _("By phone"), "visit": _("By a visit"), "message": _("By message")}
CALL_BACK_RESULTS = {**RATINGS, "unreached": _("Nobody was reached")}
REASONS = {
    "emergency": _("An emergency: 110, 119 or 120 handles it at once"),
    "in_procedure": _("It is before a court, an arbitration, a review or a petition office"),
    "other_power": _("It belongs to another power, not to the government"),
    "secret": _("It concerns secrets or the privacy of others"),
    "not_here": _("It lies in another city"),
    "unclear": _("It does not say what and where, and nobody could be asked"),
    "season": _("Season"),
    "funds": _("Funds"),
    "planning": _("Planning"),
    "lawsuit": _("Lawsuit"),
    "weather": _("Weather"),
    "no_facts": _("There are no facts for it"),
    "beyond_law": _("It goes beyond law and policy"),
    "ended": _("Every procedure has ended"),
    "malicious": _("Malicious complaint"),
}
"""Reasons from the closed lists, in words."""
ASKED = {
    "extension": _("More time is asked for"),
    "suspension": _("A suspension is asked for"),
    "unreasonable": _("Reported as unreasonable"),
    "malicious": _("Reported as abuse"),
}
"""What waits for somebody's decision."""

CODES = {
    "gb30428": "GB/T 30428",
    "gb31000": "GB/T 31000",
    "hotline": _("12345 category"),
    "four_platforms": _("Four platforms"),
}
"""Where a class has a code elsewhere."""

KINDS = {"appeal": _("Appeal"), "hazard": _("Hazard")}
PROMISES = {
    State.REPORTED: _("Taken on or answered by"),
    State.VERIFYING: _("Taken on or answered by"),
    State.APPEALED: _("Looked at once more by"),
    State.FILED: _("Dispatched by"),
    State.RETURNED: _("Dispatched again by"),
    State.FED_BACK: _("Verified by"),
}
"""What is promised for the due time in a state; otherwise that it is done."""
DONE_BY = _("Done by")

OUTSIDE = frozenset(
    {
        State.REJECTED,
        State.MERGED,
        State.RETURNED,
        State.SUSPENDED,
        State.VOIDED,
        State.WITHDRAWN,
    }
)


def state_words(state: State) -> str:
    """Return a state in words."""
    return str(STATES[state])


def move_words(move: str) -> str:
    """Return a move in words."""
    return str(MOVES[move])


def kind_words(kind: str) -> str:
    """Return a kind of matter in words."""
    return str(KINDS.get(kind, kind))


def code_words(name: str) -> str:
    """Return by which system a class has a code, in words."""
    return str(CODES.get(name, name))


def reason_words(code: str) -> str:
    """Return a reason in words; older matters carry the words themselves."""
    return str(REASONS.get(code, code))
