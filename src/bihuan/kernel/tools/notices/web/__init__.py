"""Fragments of notices for desks: an inbox, the choice of ways, what could not be sent.

A desk has the shell, the addresses and the names of the matters; these make the values that
``notices/_inbox.html``, ``notices/_ways.html`` and ``notices/_stuck.html`` show.
"""

from bihuan.kernel.tools.notices.web.fragments import (
    Inbox,
    Line,
    StuckLine,
    Way,
    choose_ways,
    inbox_of,
    resend,
    stuck_of,
    ways_of,
)
from bihuan.kernel.tools.notices.wording import public_text_of, text_of, title_of

__all__ = [
    "Inbox",
    "Line",
    "StuckLine",
    "Way",
    "choose_ways",
    "inbox_of",
    "public_text_of",
    "resend",
    "stuck_of",
    "text_of",
    "title_of",
    "ways_of",
]
