"""The library of figures (domain A9), as data: each is written once and read everywhere."""

from __future__ import annotations

from dataclasses import replace

from bihuan.kernel.sight.indices.types import Exclusion, Figure, FigureCode, Since, Unit

_URGENT = "(kind || '/' || class_code) = ANY (%(urgent)s)"
_ENDED = "state IN ('closed', 'evaluated')"

REJECTED = Exclusion("rejected", "not filed", "state = 'rejected'")
MERGED = Exclusion("merged", "merged into another matter", "state = 'merged'")
VOIDED = Exclusion("voided", "entered in error", "state = 'voided'")
WITHDRAWN = Exclusion("withdrawn", "taken back", "state = 'withdrawn'")
SUSPENDED = Exclusion("suspended", "suspended", "state = 'suspended'")
NOT_DUE = Exclusion("not_due", "not yet due", "promised_at > %(now)s")
NOT_DUE_OPEN = Exclusion("not_due", "not yet due", "promised_at > %(now)s AND closed_at IS NULL")
EXTENDED = Exclusion("extended", "extension approved", "extended")
MALICIOUS = Exclusion("malicious", "malicious, confirmed", "malicious")
ANONYMOUS = Exclusion("anonymous", "without a name", "anonymous")
UNREASONABLE = Exclusion("unreasonable", "unreasonable, agreed by the centre", "unreasonable <> ''")
ASIDE = (REJECTED, MERGED, VOIDED, WITHDRAWN)
"""What is no matter to be closed."""

FILED_TODAY = Figure(
    code=FigureCode("filed_today"),
    title="Filed today",
    definition="matters filed since midnight",
    relation="matters",
    numerator="TRUE",
    since=Since.TODAY,
    dated_by="filed_at",
    source="register of matters",
)
FILED = replace(
    FILED_TODAY,
    code=FigureCode("filed"),
    title="Filed",
    definition="matters filed, this month",
    since=Since.THIS_MONTH,
)
IN_TIME = Figure(
    code=FigureCode("closed_in_time"),
    title="Closed in time",
    definition="closed in time ÷ due to be closed, without suspended ones, this month",
    relation="matters",
    numerator="closed_at <= promised_at",
    exclusions=(*ASIDE, SUSPENDED, NOT_DUE),
    since=Since.THIS_MONTH,
    dated_by="promised_at",
    unit=Unit.PERCENT,
    source="register of matters",
    good="up",
    open_to_all=True,
)
OVERDUE = Figure(
    code=FigureCode("overdue_open"),
    title="Overdue and open",
    definition="past the due time and not closed",
    relation="open",
    numerator="due_at <= %(now)s AND NOT paused",
    since=Since.NOW,
    passed="due_at",
    source="register of matters",
    good="down",
    always_bad_above=0,
)
SATISFIED = Figure(
    code=FigureCode("satisfied"),
    title="People satisfied",
    definition="satisfied and fairly satisfied ÷ valid ratings, this month",
    relation="matters",
    numerator="rating IN ('satisfied', 'fairly_satisfied')",
    population="rating <> ''",
    exclusions=(MALICIOUS, ANONYMOUS),
    since=Since.THIS_MONTH,
    dated_by="closed_at",
    unit=Unit.PERCENT,
    source="ratings",
    good="up",
    open_to_all=True,
)
HAZARDS = Figure(
    code=FigureCode("hazards_cleared"),
    title="Hazards cleared",
    definition="written off ÷ due to be cleared, without approved extensions, this month",
    relation="matters",
    numerator=_ENDED,
    population="kind = 'hazard'",
    exclusions=(*ASIDE, SUSPENDED, EXTENDED, NOT_DUE),
    since=Since.THIS_MONTH,
    dated_by="promised_at",
    unit=Unit.PERCENT,
    source="register of hazards",
    good="up",
)
WALL = (FILED_TODAY, IN_TIME, OVERDUE, SATISFIED, HAZARDS)
"""The five tiles of the wall."""

CLOSED = replace(
    IN_TIME,
    code=FigureCode("closed"),
    title="Closed",
    definition="closed ÷ due to be closed, without suspended ones, this month",
    numerator="closed_at IS NOT NULL",
)
URGENT_CLOSED = replace(
    CLOSED,
    code=FigureCode("urgent_closed"),
    title="Urgent ones closed",
    definition="urgent ones closed ÷ urgent ones due, without suspended ones, this month",
    population=_URGENT,
    open_to_all=False,
)
URGENT_IN_TIME = replace(
    IN_TIME,
    code=FigureCode("urgent_in_time"),
    title="Urgent ones closed in time",
    definition="urgent ones closed in time ÷ urgent ones due, without suspended ones, this month",
    population=_URGENT,
    open_to_all=False,
)
REWORKED = Figure(
    code=FigureCode("reworked"),
    title="Sent back to work",
    definition="matters that failed a check ÷ matters answered by their unit, this month",
    relation="matters",
    numerator="reworks > 0",
    exclusions=(MERGED, VOIDED),
    since=Since.THIS_MONTH,
    dated_by="fed_back_at",
    unit=Unit.PERCENT,
    source="register of matters",
    good="down",
)
RETURNED = Figure(
    code=FigureCode("returned"),
    title="Returned by units",
    definition="dispatches that the unit returned ÷ dispatches, this month",
    relation="parts",
    numerator="state = 'returned'",
    exclusions=(Exclusion("withdrawn", "taken back by the centre", "state = 'withdrawn'"),),
    since=Since.THIS_MONTH,
    dated_by="dispatched_at",
    unit=Unit.PERCENT,
    source="register of dispatches",
    good="down",
)
DONE_AT_ONCE = Figure(
    code=FigureCode("done_at_once"),
    title="Done at the first go",
    definition="closed without rework, redo or reopening ÷ closed, this month",
    relation="matters",
    numerator="reworks = 0 AND redos = 0 AND reopenings = 0",
    population=_ENDED,
    exclusions=(UNREASONABLE,),
    since=Since.THIS_MONTH,
    dated_by="closed_at",
    unit=Unit.PERCENT,
    source="register of matters",
    good="up",
)
SIGNED = Figure(
    code=FigureCode("signed_in_time"),
    title="Signed in time",
    definition="signed before the right to return ended ÷ dispatches due to be signed, this month",
    relation="parts",
    numerator="signed_at <= return_until",
    exclusions=(
        Exclusion("withdrawn", "taken back by the centre", "state = 'withdrawn'"),
        Exclusion("returned", "returned by the unit", "state = 'returned'"),
        Exclusion("not_due", "not yet due", "signed_at IS NULL AND return_until > %(now)s"),
    ),
    since=Since.THIS_MONTH,
    dated_by="dispatched_at",
    unit=Unit.PERCENT,
    source="register of dispatches",
    good="up",
)
FIRST_ANSWER = Figure(
    code=FigureCode("first_answer"),
    title="Until the first unit takes it on",
    definition="median hours from the first dispatch to the first signing by a lead, this month",
    relation="matters",
    numerator="first_signed_at IS NOT NULL",
    exclusions=(
        MERGED,
        VOIDED,
        Exclusion("waiting", "not yet signed by any unit", "first_signed_at IS NULL"),
    ),
    measure="extract(epoch FROM first_signed_at - first_dispatched_at) / 3600.0",
    since=Since.THIS_MONTH,
    dated_by="first_dispatched_at",
    unit=Unit.HOURS,
    source="register of matters",
    good="down",
    open_to_all=True,
)
FIRST_CONTACT = Figure(
    code=FigureCode("first_contact"),
    title="Until somebody speaks with them",
    definition="median hours from the first dispatch to the first word of a unit with who raised "
    "it, this month; an answer is a word too",
    relation="matters",
    numerator="contacted_at IS NOT NULL",
    exclusions=(
        MERGED,
        VOIDED,
        ANONYMOUS,
        Exclusion("waiting_contact", "nobody has spoken with them yet", "contacted_at IS NULL"),
    ),
    measure="extract(epoch FROM contacted_at - first_dispatched_at) / 3600.0",
    since=Since.THIS_MONTH,
    dated_by="first_dispatched_at",
    unit=Unit.HOURS,
    source="register of matters",
    good="down",
    open_to_all=True,
)
CONTACTED = Figure(
    code=FigureCode("answered_people"),
    title="People contacted in time",
    definition="matters whose raiser a unit spoke with within the limit ÷ matters whose raiser "
    "was to be spoken with by now, this month",
    relation="matters",
    numerator="contacted_at <= contact_until",
    population="first_dispatched_at IS NOT NULL",
    exclusions=(
        REJECTED,
        MERGED,
        VOIDED,
        WITHDRAWN,
        ANONYMOUS,
        MALICIOUS,
        Exclusion("returned_all", "with no unit now", "contact_until IS NULL"),
        Exclusion(
            "not_due",
            "not yet due",
            "contact_until > %(now)s AND contacted_at IS NULL",
        ),
    ),
    since=Since.THIS_MONTH,
    dated_by="first_dispatched_at",
    unit=Unit.PERCENT,
    source="register of matters",
    good="up",
    open_to_all=True,
)
DAYS_TO_CLOSE = Figure(
    code=FigureCode("days_to_close"),
    title="From report to closing",
    definition="median hours from the report to the closing of matters closed this month",
    relation="matters",
    numerator="TRUE",
    population=_ENDED,
    exclusions=(UNREASONABLE,),
    measure="extract(epoch FROM closed_at - raised_at) / 3600.0",
    since=Since.THIS_MONTH,
    dated_by="closed_at",
    unit=Unit.HOURS,
    source="register of matters",
    good="down",
    open_to_all=True,
)
OPEN_NOW = Figure(
    code=FigureCode("open"),
    title="Open",
    definition="matters that are not ended",
    relation="open",
    numerator="TRUE",
    since=Since.NOW,
    source="register of matters",
)
SOLVED = Figure(
    code=FigureCode("solved"),
    title="Matters solved",
    definition="solved by the word of who raised it ÷ valid answers of who was asked, this month",
    relation="matters",
    numerator="solved = 'solved'",
    population="solved <> ''",
    exclusions=(UNREASONABLE, MALICIOUS, ANONYMOUS),
    since=Since.THIS_MONTH,
    dated_by="closed_at",
    unit=Unit.PERCENT,
    source="call backs and ratings",
    good="up",
    open_to_all=True,
)
RECHECKED = Figure(
    code=FigureCode("rechecked"),
    title="Hazards checked again",
    definition="checked after the unit's answer ÷ answered and due to be checked, this month",
    relation="matters",
    numerator="checked_at >= fed_back_at",
    population="kind = 'hazard'",
    exclusions=(
        MERGED,
        VOIDED,
        Exclusion("not_due", "not yet due", "state = 'fed_back' AND due_at > %(now)s"),
    ),
    since=Since.THIS_MONTH,
    dated_by="fed_back_at",
    unit=Unit.PERCENT,
    source="register of hazards",
    good="up",
)
CHECKS_PASSED = Figure(
    code=FigureCode("checks_passed"),
    title="Checks passed",
    definition="checks of hazards that passed ÷ checks of hazards made, this month",
    relation="checks",
    numerator="passed",
    population="kind = 'hazard'",
    exclusions=(Exclusion("voided", "entered in error", "case_state = 'voided'"),),
    since=Since.THIS_MONTH,
    dated_by="received_at",
    unit=Unit.PERCENT,
    source="visits",
    good="up",
)
MAJOR_LISTED = Figure(
    code=FigureCode("major_listed"),
    title="Major hazards listed",
    whole=True,
    definition="put under supervision ÷ major hazards raised, this month; all of them must be",
    relation="matters",
    numerator="listed",
    population="kind = 'hazard' AND grade = 'major'",
    exclusions=ASIDE,
    since=Since.THIS_MONTH,
    dated_by="raised_at",
    unit=Unit.PERCENT,
    source="register of hazards",
    good="up",
)
COVERED = Figure(
    code=FigureCode("covered"),
    title="Firms visited",
    whole=True,
    definition="firms visited within the period ÷ firms to be visited",
    relation="firms",
    numerator="visited_at IS NOT NULL",
    exclusions=(Exclusion("closed", "the firm exists no longer", "closed_on <= %(today)s"),),
    since=Since.NOW,
    unit=Unit.PERCENT,
    source="register of firms and visits",
    good="up",
)


def _lacking(code: str, title: str, definition: str, lacks: str) -> Figure:
    return Figure(
        code=FigureCode(code),
        title=title,
        definition=definition,
        relation="none",
        numerator="FALSE",
        since=Since.THIS_MONTH,
        unit=Unit.PERCENT,
        source="none yet",
        good="up",
        lacks=lacks,
    )


LACKING = (
    _lacking(
        "adopted",
        "Opinions adopted",
        "adopted wholly or in part ÷ opinions and proposals",
        "the deliberation hall keeps no opinions here yet",
    ),
    _lacking(
        "implemented",
        "Opinions implemented",
        "implemented ÷ adopted and due",
        "the deliberation hall keeps no opinions here yet",
    ),
    _lacking(
        "collected",
        "Fees collected",
        "collected ÷ (billed − exempt − cancelled)",
        "the view of bills does not say in which area a bill stands",
    ),
    _lacking(
        "reconciled",
        "Books that agree",
        "days on which channel, bank and books agree ÷ days closed",
        "settlement offers no view of agreed days yet",
    ),
    _lacking(
        "screened",
        "Screening done",
        "first screenings done ÷ people to be screened",
        "no screening of elders is kept here yet",
    ),
)
LIBRARY = (
    *WALL,
    OPEN_NOW,
    FILED,
    CLOSED,
    URGENT_CLOSED,
    URGENT_IN_TIME,
    REWORKED,
    RETURNED,
    DONE_AT_ONCE,
    SIGNED,
    FIRST_ANSWER,
    FIRST_CONTACT,
    CONTACTED,
    DAYS_TO_CLOSE,
    SOLVED,
    RECHECKED,
    CHECKS_PASSED,
    MAJOR_LISTED,
    COVERED,
    *LACKING,
)
