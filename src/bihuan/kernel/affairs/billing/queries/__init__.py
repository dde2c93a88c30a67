"""Reading items, bills, orders and credit."""

from bihuan.kernel.affairs.billing.queries.bills import (
    SHOWN,
    get_bill,
    get_publication,
    list_bills,
    list_family_bills,
    list_publications,
    lock_lines,
    publications_by_id,
    to_line,
)
from bihuan.kernel.affairs.billing.queries.orders import (
    UnableToFindOrder,
    find_attempt,
    find_open_attempt,
    get_order,
    is_live,
    list_credit,
    list_due_attempts,
    to_attempt,
)

__all__ = [
    "SHOWN",
    "UnableToFindOrder",
    "find_attempt",
    "find_open_attempt",
    "get_bill",
    "get_order",
    "get_publication",
    "is_live",
    "list_bills",
    "list_credit",
    "list_due_attempts",
    "list_family_bills",
    "list_publications",
    "lock_lines",
    "publications_by_id",
    "to_attempt",
    "to_line",
]
