"""Help of the resident's pages, and the tour."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.platform.ui import helping
from bihuan.platform.ui.helping import HelpPage, Step, Tour

PAGES = (
    HelpPage(
        "home",
        _("The start page"),
        _("Report something, see how your matters stand, find what others asked."),
        (
            _("The big field at the top reports. No account is needed."),
            _("“Big print” makes everything larger; the choice is remembered."),
        ),
        ("resident:home",),
    ),
    HelpPage(
        "own-matters",
        _("Your matters"),
        _("Who has each of them now and by when it is answered."),
        (
            _("You may add to a matter, take it back, or say whether it was solved."),
            _("Without an account: number and receipt code are enough."),
        ),
        ("resident:matters",),
    ),
    HelpPage(
        "privacy",
        _("Your data"),
        _("Who looked at your number, for what, and what you allowed."),
        (_("What you allowed you may take back at any time."),),
        ("resident:privacy",),
    ),
)
TOUR = Tour(
    "resident",
    _("What you can do here"),
    (
        Step("/", _("Tell us"), _("Press the big field, say it in one sentence, add a photo.")),
        Step("/matters/", _("Follow it"), _("Each matter says who has it and by when it is done.")),
        Step(
            "/appeals/answers/",
            _("Perhaps it is answered"),
            _("Look here first: what others asked, by topic."),
        ),
        Step("/privacy/", _("Your data"), _("You see who looked at your number and for what.")),
    ),
)


def declare() -> None:
    """Hand the help and the tour over."""
    for page in PAGES:
        helping.declare_page(page)
    helping.declare_tour(TOUR)
