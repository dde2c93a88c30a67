"""The door of settlement."""

from bihuan.kernel.affairs.settlement.operations.clearing import (
    UnableToClear,
    check_batch,
    generate_batch,
    move_batch,
    pay_batch,
    release_channel,
)
from bihuan.kernel.affairs.settlement.operations.expecting import UnableToExpect, expect
from bihuan.kernel.affairs.settlement.operations.reconciling import (
    UnableToReconcile,
    close_day,
    end_difference,
    load_bill,
    match_day,
)
from bihuan.kernel.affairs.settlement.operations.routes import (
    UnableToOpenPayee,
    UnableToRoute,
    approve_route,
    open_payee,
    propose_route,
    register_operator,
    withdraw_route,
)
from bihuan.kernel.affairs.settlement.queries import (
    UnableToFindRoute,
    find_route,
    find_stop,
    get_batch,
    get_day,
    get_payee,
    list_batches,
    list_payees,
    list_proposals,
    payees_by_id,
    split_lines,
)

__all__ = [
    "UnableToClear",
    "UnableToExpect",
    "UnableToFindRoute",
    "UnableToOpenPayee",
    "UnableToReconcile",
    "UnableToRoute",
    "approve_route",
    "check_batch",
    "close_day",
    "end_difference",
    "expect",
    "find_route",
    "find_stop",
    "generate_batch",
    "get_batch",
    "get_day",
    "get_payee",
    "list_batches",
    "list_payees",
    "list_proposals",
    "load_bill",
    "match_day",
    "move_batch",
    "open_payee",
    "pay_batch",
    "payees_by_id",
    "propose_route",
    "register_operator",
    "release_channel",
    "split_lines",
    "withdraw_route",
]
