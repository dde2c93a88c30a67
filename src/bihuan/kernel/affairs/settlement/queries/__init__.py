"""Reading routes, payees, batches and what waits for clearing."""

from bihuan.kernel.affairs.settlement.queries.batches import (
    find_stop,
    get_batch,
    list_batches,
    to_batch,
)
from bihuan.kernel.affairs.settlement.queries.days import get_day
from bihuan.kernel.affairs.settlement.queries.routes import (
    UnableToFindRoute,
    find_route,
    get_payee,
    list_payees,
    list_proposals,
    payees_by_id,
    routes_in_force,
    split_lines,
    to_payee,
    to_route,
)

__all__ = [
    "UnableToFindRoute",
    "find_route",
    "find_stop",
    "get_batch",
    "get_day",
    "get_payee",
    "list_batches",
    "list_payees",
    "list_proposals",
    "payees_by_id",
    "routes_in_force",
    "split_lines",
    "to_batch",
    "to_payee",
    "to_route",
]
