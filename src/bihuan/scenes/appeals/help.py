"""Help of the story's pages."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.platform.ui import helping
from bihuan.platform.ui.helping import HelpPage

PAGES = (
    HelpPage(
        "topics",
        _("Hot topics"),
        _("What many people seem to tell at once. The system proposes; you decide."),
        (
            _("Choose the main matter and untick what does not belong to it."),
            _("“Make it one matter”: the rest follows it, and each who told it gets the answer."),
            _("“Not one matter” is remembered until clearly more people tell it."),
        ),
        ("appeals:topics",),
    ),
    HelpPage(
        "knowledge",
        _("Knowledge base"),
        _("Answers that a unit stands for, reviewed by another person."),
        (
            _("Write the question as people ask it, and other words for it."),
            _("Another person reviews and publishes it. Every version is kept."),
            _("On the day of the next look its unit is reminded."),
        ),
        ("appeals:knowledge", "appeals:article", "appeals:new_article", "appeals:edit_article"),
    ),
    HelpPage(
        "imports",
        _("Take in a file"),
        _("Matters from another system, as a table."),
        (
            _("First you see what would happen; nothing is written before you say yes."),
            _("Wrong cells are listed with row and column. The same file twice changes nothing."),
        ),
        ("appeals:imports", "appeals:import"),
    ),
    HelpPage(
        "report",
        _("Reporting something"),
        _("One sentence, a place, and a photo if you have one."),
        (
            _("You need no account. Keep the number and the receipt code that you are given."),
            _("In danger ring 110, 119 or 120 at once."),
        ),
        ("appeals:report", "appeals:receipt"),
    ),
    HelpPage(
        "track",
        _("Finding a matter"),
        _("With number and receipt code you see who has it and by when it is answered."),
        (_("Both stand on the receipt and in the first message that you were sent."),),
        ("appeals:track", "appeals:by_receipt", "appeals:own"),
    ),
    HelpPage(
        "answers",
        _("Asked and answered"),
        _("What people ask often, with the unit that stands for the answer."),
        (_("If it does not answer your question, report it."),),
        ("appeals:answers", "appeals:answer"),
    ),
)


def declare() -> None:
    """Hand the help over."""
    for page in PAGES:
        helping.declare_page(page)
