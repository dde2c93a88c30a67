"""The door of the ledger."""

from bihuan.kernel.tools.ledger.operations.opening import (
    UnableToLock,
    UnableToOpenAccount,
    lock_days_before,
    open_accounts,
    open_book,
)
from bihuan.kernel.tools.ledger.operations.posting import (
    UnableToPost,
    post_entries,
    post_entry,
)
from bihuan.kernel.tools.ledger.operations.reversing import UnableToReverse, reverse_entry
from bihuan.kernel.tools.ledger.policies import UnableToFindBook
from bihuan.kernel.tools.ledger.queries import (
    accounts_by_code,
    balances_of,
    book_of,
    find_book,
    get_book,
    get_card,
    get_entry,
    get_trial,
    list_books,
    verify,
)
from bihuan.kernel.tools.ledger.rules import share_out

__all__ = [
    "UnableToFindBook",
    "UnableToLock",
    "UnableToOpenAccount",
    "UnableToPost",
    "UnableToReverse",
    "accounts_by_code",
    "balances_of",
    "book_of",
    "find_book",
    "get_book",
    "get_card",
    "get_entry",
    "get_trial",
    "list_books",
    "lock_days_before",
    "open_accounts",
    "open_book",
    "post_entries",
    "post_entry",
    "reverse_entry",
    "share_out",
    "verify",
]
