"""Reads of this room: visits and findings, the duty of a hall."""

from bihuan.kernel.affairs.fieldwork.queries.duty import (
    duty_log,
    find_handover,
    find_shift,
    list_next,
    shift_log,
)
from bihuan.kernel.affairs.fieldwork.queries.visits import (
    count_visits,
    get_finding,
    last_visits,
    to_finding,
    to_visit,
)

__all__ = [
    "count_visits",
    "duty_log",
    "find_handover",
    "find_shift",
    "get_finding",
    "last_visits",
    "list_next",
    "shift_log",
    "to_finding",
    "to_visit",
]
