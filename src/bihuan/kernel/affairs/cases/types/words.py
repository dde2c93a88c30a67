"""Ids, powers, states and the other words of matters."""

from __future__ import annotations

import enum
from typing import NewType

from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Power

CaseId = NewType("CaseId", int)
RoundId = NewType("RoundId", int)
PartId = NewType("PartId", int)
KindCode = NewType("KindCode", str)
MoveName = NewType("MoveName", str)

# -- powers ---------------------------------------------------------------------------------------

MAY_RAISE = Power("cases.raise")
MAY_ACCEPT = Power("cases.accept")
MAY_DISPATCH = Power("cases.dispatch")
MAY_HANDLE = Power("cases.handle")
MAY_VERIFY = Power("cases.verify")
MAY_SUPERVISE = Power("cases.supervise")
MAY_INSTRUCT = Power("cases.instruct")
"""Put a matter under supervision in words (批示, 督办), and nothing else of the duty officer's."""
MAY_SEE = Power("cases.see")
MAY_SEE_OWN = Power("cases.see_own")
MAY_CALL_BACK = Power("cases.call_back")
"""Ask who raised a matter how it was handled (回访); never somebody who handled it."""
MAY_SAY_DONE = Power("cases.say_done")
"""The firm concerned says, with a photo, that it has cleared what was found."""
MAY_TAKE_OVER = Power("cases.take_over")
"""Take over the records of another system. No duty holds it: it is done once, from the console."""

MAY_PRINT_FILES = Power("cases.print_files")
"""Print the case file of a matter in one's care, masked unless a look is written down."""

POWERS_OF_DUTIES: dict[str, tuple[Power, ...]] = {
    "resident": (MAY_RAISE, MAY_SEE_OWN),
    "firm_contact": (MAY_RAISE, MAY_SEE_OWN, MAY_SAY_DONE),
    "grid_worker": (MAY_RAISE, MAY_VERIFY),
    "grid_leader": (MAY_RAISE, MAY_VERIFY, MAY_SEE),
    "acceptor": (MAY_RAISE, MAY_ACCEPT, MAY_CALL_BACK, MAY_SEE, MAY_PRINT_FILES),
    "dispatcher": (MAY_RAISE, MAY_ACCEPT, MAY_DISPATCH, MAY_SEE, MAY_PRINT_FILES),
    "handler": (MAY_HANDLE, MAY_PRINT_FILES),
    "verifier": (MAY_VERIFY, MAY_SEE),
    "duty_officer": (MAY_SUPERVISE, MAY_INSTRUCT, MAY_CALL_BACK, MAY_SEE, MAY_PRINT_FILES),
    "project_officer": (MAY_RAISE,),
    "leader": (MAY_INSTRUCT, MAY_SEE),
    "auditor": (MAY_SEE, MAY_PRINT_FILES),
}
"""What the standing duties may do with matters."""

# -- kinds that several scenes open ---------------------------------------------------------------

HAZARD = KindCode("hazard")
APPEAL = KindCode("appeal")

CASE = "cases.case"
PART = "cases.part"


def case_ref(case_id: CaseId) -> Ref:
    """Return the pointer to a matter."""
    return Ref(CASE, str(case_id))


def part_ref(part_id: PartId) -> Ref:
    """Return the pointer to a part of a matter."""
    return Ref(PART, str(part_id))


class State(enum.StrEnum):
    """Where a matter stands (domain A1.1). A draft is no matter yet."""

    REPORTED = "reported"
    VERIFYING = "verifying"
    REJECTED = "rejected"
    MERGED = "merged"
    FILED = "filed"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    FED_BACK = "fed_back"
    REWORK = "rework"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    VOIDED = "voided"
    APPEALED = "appealed"
    """The raiser does not accept the rejection; another person looks at it, once."""
    WITHDRAWN = "withdrawn"
    """Taken back by who raised it, before anybody was sent out."""


class PartState(enum.StrEnum):
    """Where one unit's part stands."""

    DISPATCHED = "dispatched"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    FED_BACK = "fed_back"
    REWORK = "rework"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Role(enum.StrEnum):
    """A part leads or helps; one active lead in a round."""

    LEAD = "lead"
    CO_HANDLER = "co_handler"


class Link(enum.IntEnum):
    """The seven links of the loop, as the ring shows them."""

    REPORT = 1
    FILE = 2
    DISPATCH = 3
    HANDLE = 4
    FEED_BACK = 5
    VERIFY = 6
    EVALUATE = 7


class On(enum.StrEnum):
    """Whether a move is made on the matter or on one part."""

    CASE = "case"
    PART = "part"


class Clock(enum.StrEnum):
    """What a move does to a clock. A clock is named in `Deadline.name`."""

    START = "start"
    STOP = "stop"
    REOPEN = "reopen"
    """Run again against the same due time (rework keeps the original one)."""
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    NEXT_STAGE = "next_stage"
    """Start the clock of the next timed stage of the class."""


class Guard(enum.StrEnum):
    """What must be true besides state and power; `rules` knows how to see it."""

    OWN_UNIT = "own_unit"
    LEAD_UNIT = "lead_unit"
    ANOTHER_UNIT = "another_unit"
    """The asker belongs to no unit that handled this round."""
    CONCERNED_FIRM = "concerned_firm"
    RAISER = "raiser"
    RAISER_KNOWN = "raiser_known"
    ANOTHER_PERSON = "another_person"
    """Neither a handler nor the dispatcher of this round (domain A1.1, invariant i)."""
    COVERS_AREA = "covers_area"
    HEARD = "heard"
    """What a voice note says has been written down."""
    WITHIN_RETURNS = "within_returns"
    RETURNED_TOO_OFTEN = "returned_too_often"
    IN_TIME_TO_RETURN = "in_time_to_return"
    NOT_FORCED = "not_forced"
    """Units assigned by the centre after a joint review may not return the matter."""
    BEFORE_DUE = "before_due"
    FIRST_EXTENSION = "first_extension"
    NOT_ASKED = "not_asked"
    ASKED = "asked"
    NOT_THE_ASKER = "not_the_asker"
    MORE_STAGES = "more_stages"
    LAST_STAGE = "last_stage"
    SEVERAL_PARTS = "several_parts"
    ANSWER_READY = "answer_ready"
    """With co-handlers, the one answer was drafted by the lead and approved by the centre."""
    ANSWER_DRAFTED = "answer_drafted"
    NOT_THE_DRAFTER = "not_the_drafter"
    NOT_CONTACTED = "not_contacted"
    """Nobody of the unit has spoken yet with who raised it."""
    OTHERS_DONE = "others_done"
    """No other unit's part is open: closing never cancels somebody's work."""
    FIRST_APPEAL = "first_appeal"
    FIRST_REDO = "first_redo"
    WITHIN_WINDOW = "within_window"
    WITHIN_REOPENINGS = "within_reopenings"
    UNDER_SUPERVISION = "under_supervision"
    NOT_SUPERVISED = "not_supervised"
    LOOK_BACK_DUE = "look_back_due"
    REVIEW_DUE = "review_due"


class Needs(enum.StrEnum):
    """What a move must (or may) bring along."""

    WORDS = "words"
    REASON = "reason"
    AFTER_PHOTO = "after_photo"
    PHOTO = "photo"
    ON_THE_SPOT = "on_the_spot"
    GRADE = "grade"
    RATING = "rating"
    SOLVED = "solved"
    REVIEW_DATE = "review_date"
    MASTER = "master"
    BASIS = "basis"
    AMOUNT = "amount"
    SUGGESTED_UNIT = "suggested_unit"
    CHANNEL = "channel"


# -- closed lists ---------------------------------------------------------------------------------

REJECT_REASONS = (
    "emergency",
    "in_procedure",
    "other_power",
    "secret",
    "not_here",
    "unclear",
)
"""Why a matter is not taken on (domain A3, not accepted)."""
SUSPEND_REASONS = ("season", "funds", "planning", "lawsuit", "weather")
"""Why a matter may wait (domain A1.1)."""
UNREASONABLE_REASONS = ("no_facts", "beyond_law", "ended", "malicious")
"""Why what was asked for cannot reasonably be given (domain A3)."""
RATINGS = ("satisfied", "fairly_satisfied", "neutral", "unsatisfied")
SOLVED = ("solved", "partly", "not", "not_feasible")
"""The raiser's verdict in grades."""
UNREACHED = "unreached"
CALL_BACK_RESULTS = ("satisfied", "fairly_satisfied", "neutral", "unsatisfied", UNREACHED)
CHANNELS = ("phone", "visit", "message")
BY_ANSWER = "answer"
"""The answer itself was the first word that the raiser had from the unit."""

EXTENSION, SUSPENSION, UNREASONABLE, MALICIOUS = (
    "extension",
    "suspension",
    "unreasonable",
    "malicious",
)
"""What may be asked for and is decided by another person."""
