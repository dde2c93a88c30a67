"""Help of the officers' pages, and the tours of those who work here."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _

from bihuan.kernel.ground.registry.web import scope_of
from bihuan.platform.ui import helping
from bihuan.platform.ui.helping import HelpPage, Step, Tour

ROLES = {
    "dispatcher": "clerk",
    "acceptor": "clerk",
    "duty_officer": "clerk",
    "handler": "department",
    "verifier": "verifier",
    "grid_worker": "grid_worker",
    "grid_leader": "grid_worker",
    "leader": "leader",
    "auditor": "auditor",
    "firm_contact": "firm",
    "resident": "resident",
}
"""By which duty somebody gets which tour; the first that fits counts."""

PAGES = (
    HelpPage(
        "worklist",
        _("Your worklist"),
        _("What waits for you, the nearest deadline first."),
        (
            _("The side bar holds your trays. The coloured badges narrow the list to one colour."),
            _("Tick several matters and press the button below: you see what happens to each."),
            _("“Save this filter” keeps the list as it is under a name."),
        ),
        ("officer:worklist",),
    ),
    HelpPage(
        "matter",
        _("A matter"),
        _("What it is on the left, what you may do in the middle, what happened on the right."),
        (
            _("Only what you may do now is offered. The blue button is the usual next step."),
            _("The date at the top says why it is that day: what was not counted, what waited."),
            _("Articles and ready words stand beside the answer; one click puts them in."),
        ),
        ("officer:matter",),
    ),
    HelpPage(
        "together",
        _("Several at once"),
        _("Nothing has happened yet: each line says what will happen when you confirm."),
        (
            _("Change the choice of a line, or leave that matter for now."),
            _("Confirm once at the bottom. What cannot be done is told and stays where it is."),
        ),
        ("officer:together",),
    ),
    HelpPage(
        "search",
        _("Search"),
        _("One box for matters, petitions, firms, areas, units and articles."),
        (
            _("A whole number goes straight to its matter. Two characters are enough for words."),
            _("Only what your post may see is found. Numbers of people are never looked for."),
        ),
        ("officer:search",),
    ),
    HelpPage(
        "duty",
        _("On duty"),
        _("Who has the duty of this hall, what happened, and how it is handed over."),
        (
            _("Write each call, instruction and incident in one sentence; the wall shows it."),
            _("A line is never changed. Correct it by another line; both stay."),
            _(
                "Hand over at the end: what is open goes along. You have the duty until it is "
                "accepted."
            ),
        ),
        ("officer:duty",),
    ),
    HelpPage(
        "messages",
        _("Messages"),
        _("What your unit and you are told. Who opens it first reads it for the unit."),
        (
            _("A click leads to the matter and marks the message read."),
            _("“How I am told” sets by which ways you are told in person."),
        ),
        ("officer:messages", "officer:ways"),
    ),
    HelpPage(
        "stuck",
        _("What does not get through"),
        _("Messages that failed or fail again and again, and why."),
        (_("Send one again when its cause is mended. It is never sent twice."),),
        ("officer:stuck",),
    ),
    HelpPage(
        "references",
        _("Petitions"),
        _("Matters of the petition office, shown beside ours with limits of their own."),
        (_("They are answered by their own regulation and are never closed here."),),
        ("officer:references",),
    ),
    HelpPage(
        "looks",
        _("Who looked"),
        _("Each look at a whole number: who, whose, for what and why."),
        (
            _("Click a name to see all looks of one person, or at one person."),
            _("Taking the lines out as a table is written down too."),
        ),
        ("officer:looks",),
    ),
    HelpPage(
        "deadlines",
        _("Deadlines"),
        _("Which matters no reminder covers, the yearly notice of holidays, and trying a limit."),
        (
            _("Load the yearly notice when it comes; dates that were provisional are set anew."),
            _("Trying a limit changes nothing: you see which open matters would move."),
        ),
        ("officer:uncovered", "officer:calendar", "officer:limits"),
    ),
)

DESK, ALL = "/desk/", "/desk/?tray=all"
TOURS = (
    Tour(
        "clerk",
        _("The day of a clerk"),
        (
            Step(
                DESK,
                _("Here is what waits"),
                _(
                    "The nearest deadline stands first. Open one, "
                    "or tick several and send them on together."
                ),
            ),
            Step(
                "/appeals/topics/",
                _("Many people, one matter"),
                _(
                    "The system proposes what "
                    "seems to be told many times. You decide whether it becomes one."
                ),
            ),
            Step(
                "/appeals/knowledge/",
                _("Answers that stand"),
                _(
                    "Units write them, another "
                    "person reviews them. They are offered beside each matter."
                ),
            ),
            Step(
                "/desk/duty/",
                _("The duty"),
                _("Take it, write down what happens, hand it over with what is open."),
            ),
            Step(
                "/desk/search/",
                _("One box"),
                _("Type a number or two characters. It stands at the top of every page."),
            ),
        ),
    ),
    Tour(
        "department",
        _("The day of a department"),
        (
            Step(
                "/desk/?tray=handle",
                _("Your tray"),
                _(
                    "What your unit has to do, by deadline. "
                    "Sign for a matter, or return it within a working day with the rule."
                ),
            ),
            Step(
                "/desk/?tray=handle",
                _("Answering"),
                _(
                    "Open a matter: ready words and articles "
                    "stand beside the answer. A photo of how it is now goes along."
                ),
            ),
            Step(
                "/appeals/knowledge/",
                _("Your articles"),
                _(
                    "Write down what you answer often. "
                    "You are reminded when an article is to be looked at again."
                ),
            ),
            Step(
                "/desk/messages/",
                _("Messages"),
                _("New tasks, decisions on what you asked for, and reminders."),
            ),
        ),
    ),
    Tour(
        "verifier",
        _("The day of a verifier"),
        (
            Step(
                "/desk/?tray=verify",
                _("To verify"),
                _("Units say it is done; you go and look. You never verify what you handled."),
            ),
            Step(
                "/desk/?tray=look_back",
                _("To look back at"),
                _("Some matters are looked at again later. What does not hold is opened again."),
            ),
            Step("/desk/messages/", _("Messages"), _("What is new for you and your unit.")),
        ),
    ),
    Tour(
        "grid_worker",
        _("The day of a grid worker"),
        (
            Step(
                "/field/", _("Today"), _("Your list stays on the phone and works without a signal.")
            ),
            Step(
                "/field/",
                _("Scan and report"),
                _("The big button scans a firm's code. Speak, take a photo, save: half a minute."),
            ),
            Step(
                "/field/",
                _("Two marks"),
                _(
                    "Saved on this phone is not yet received by the "
                    "centre. The queue shows what still waits."
                ),
            ),
        ),
    ),
    Tour(
        "leader",
        _("The day of a leader"),
        (
            Step(
                "/wall/",
                _("Few numbers"),
                _("Each says what it counts and as of when. Click one to see its rows."),
            ),
            Step(
                ALL,
                _("The worst first"),
                _("The list stands by deadline. Each line says who holds the matter now."),
            ),
            Step(
                "/desk/duty/",
                _("The duty log"),
                _(
                    "What the hall wrote down: calls, incidents, "
                    "your instructions and what came of them."
                ),
            ),
        ),
    ),
    Tour(
        "auditor",
        _("The day of an auditor"),
        (
            Step(
                "/desk/looks/",
                _("Who looked"),
                _("Each look at a whole number, with purpose and reason."),
            ),
            Step(
                ALL,
                _("Every matter"),
                _("Each has its whole history; nothing in it can be rewritten."),
            ),
            Step(
                "/desk/duty/",
                _("The duty log"),
                _("Lines are only added. A correction names the line that it corrects."),
            ),
        ),
    ),
)


def declare() -> None:
    """Hand the help and the tours over."""
    for page in PAGES:
        helping.declare_page(page)
    for tour in TOURS:
        helping.declare_tour(tour)
    helping.tell_roles(role_of, enter)


def role_of(request: HttpRequest) -> str:
    """Return which tour who asks gets, by the duties that the page knows already."""
    scope = getattr(request, "scope", None)
    duties = scope.duties if scope else frozenset()
    return next((role for duty, role in ROLES.items() if duty in duties), "")


def enter(request: HttpRequest) -> None:
    """Let a page of the platform know who asks."""
    request.scope = scope_of(request)  # type: ignore[attr-defined, arg-type]
