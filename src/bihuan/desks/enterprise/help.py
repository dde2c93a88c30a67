"""Help of the firm's pages, and the tour."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.platform.ui import helping
from bihuan.platform.ui.helping import HelpPage, Step, Tour

PAGES = (
    HelpPage(
        "enterprise",
        _("Your firm"),
        _("Your code and why it has that colour, what was found, what is due."),
        (
            _("Below the code stands the way back: each step and its points."),
            _("When something is cleared, send a photo; somebody else looks on the spot."),
            _("You may object; while it is looked at the code says so."),
        ),
        ("enterprise:home",),
    ),
)
TOUR = Tour(
    "firm",
    _("What a firm can do here"),
    (
        Step(
            "/enterprise/",
            _("Your code"),
            _(
                "Its colour is computed by a published rule; each "
                "deduction has its source and date."
            ),
        ),
        Step(
            "/enterprise/",
            _("The way back"),
            _(
                "Do the first step, take a photo, send it. The "
                "code is computed again once somebody has looked."
            ),
        ),
        Step(
            "/enterprise/messages/", _("Messages"), _("What is due, what was decided, and by whom.")
        ),
    ),
)


def declare() -> None:
    """Hand the help and the tour over."""
    for page in PAGES:
        helping.declare_page(page)
    helping.declare_tour(TOUR)
