"""Reading what channels and banks send: bills of trades, bills of funds, statements of accounts.

Columns are found by name, amounts are exact, and a file that contradicts itself says so.
"""

from bihuan.kernel.affairs.billing.statements.reading import read_statement
from bihuan.kernel.affairs.billing.statements.words import Row, Statement, Unreadable

__all__ = ["Row", "Statement", "Unreadable", "read_statement"]
