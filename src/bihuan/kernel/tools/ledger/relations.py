"""Read-only views for figures and exports.

``ledger_balance_v``: one row for each account that ever moved: `book_code`, `area_path`,
`account_code`, `kind`, `debit_fen`, `credit_fen`, `balance_fen`.
"""

BALANCES = "ledger_balance_v"
