"""Reads of this room: visits and findings, the duty of a hall."""

from bihuan.kernel.affairs.fieldwork.queries.duty import (
    duty_log,
    find_handover,
    find_shift,
    list_next,
    shift_log,
)
from bihuan.kernel.affairs.fieldwork.queries.inspections import (
    certificates_of,
    find_inspection,
    get_inspection_finding,
    get_request,
    list_certificates,
    list_inspection_findings,
    list_own_findings,
    list_records,
    list_requests,
)
from bihuan.kernel.affairs.fieldwork.queries.visits import (
    count_visits,
    get_finding,
    last_visits,
    to_finding,
    to_visit,
)

__all__ = [
    "certificates_of",
    "count_visits",
    "duty_log",
    "find_handover",
    "find_inspection",
    "find_shift",
    "get_finding",
    "get_inspection_finding",
    "get_request",
    "last_visits",
    "list_certificates",
    "list_inspection_findings",
    "list_next",
    "list_own_findings",
    "list_records",
    "list_requests",
    "shift_log",
    "to_finding",
    "to_visit",
]
