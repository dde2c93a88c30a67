"""The door of visits and of the duty."""

from bihuan.kernel.affairs.fieldwork.operations.duty import (
    UnableToKeepDuty,
    accept_handover,
    offer_handover,
    take_shift,
    withdraw_handover,
    write_entry,
)
from bihuan.kernel.affairs.fieldwork.operations.visits import (
    UnableToRecordVisit,
    record_patrol,
    record_verification,
)
from bihuan.kernel.affairs.fieldwork.queries import (
    count_visits,
    duty_log,
    find_handover,
    find_shift,
    get_finding,
    last_visits,
    list_next,
    shift_log,
)

__all__ = [
    "UnableToKeepDuty",
    "UnableToRecordVisit",
    "accept_handover",
    "count_visits",
    "duty_log",
    "find_handover",
    "find_shift",
    "get_finding",
    "last_visits",
    "list_next",
    "offer_handover",
    "record_patrol",
    "record_verification",
    "shift_log",
    "take_shift",
    "withdraw_handover",
    "write_entry",
]
