"""The door of evidence and of papers."""

from bihuan.kernel.tools.documents.kinds import declare_kind, guard, may_see
from bihuan.kernel.tools.documents.operations import (
    UnableToAttach,
    UnableToIssue,
    UnableToWithdraw,
    attach,
    attach_with,
    issue,
    withdraw,
)
from bihuan.kernel.tools.documents.printing import UnableToPrint
from bihuan.kernel.tools.documents.queries import (
    check_paper,
    get_evidence,
    get_paper,
    is_same_file,
    list_evidence,
    list_papers,
    read_paper,
    seen_papers,
)

__all__ = [
    "UnableToAttach",
    "UnableToIssue",
    "UnableToPrint",
    "UnableToWithdraw",
    "attach",
    "attach_with",
    "check_paper",
    "declare_kind",
    "get_evidence",
    "get_paper",
    "guard",
    "is_same_file",
    "issue",
    "list_evidence",
    "list_papers",
    "may_see",
    "read_paper",
    "seen_papers",
    "withdraw",
]
