"""Adding evidence; issuing and withdrawing papers."""

from bihuan.kernel.tools.documents.operations.attaching import UnableToAttach, attach, attach_with
from bihuan.kernel.tools.documents.operations.issuing import (
    UnableToIssue,
    UnableToWithdraw,
    issue,
    withdraw,
)

__all__ = [
    "UnableToAttach",
    "UnableToIssue",
    "UnableToWithdraw",
    "attach",
    "attach_with",
    "issue",
    "withdraw",
]
