"""Reading the books: what stands, cards and trial balances, and the full proof."""

from bihuan.kernel.tools.ledger.queries.cards import get_card, get_trial
from bihuan.kernel.tools.ledger.queries.proof import verify
from bihuan.kernel.tools.ledger.queries.standing import (
    accounts_by_code,
    balances_of,
    book_of,
    entries_by_key,
    find_book,
    get_account,
    get_book,
    get_entry,
    list_books,
    to_account,
    to_book,
)

__all__ = [
    "accounts_by_code",
    "balances_of",
    "book_of",
    "entries_by_key",
    "find_book",
    "get_account",
    "get_book",
    "get_card",
    "get_entry",
    "get_trial",
    "list_books",
    "to_account",
    "to_book",
    "verify",
]
