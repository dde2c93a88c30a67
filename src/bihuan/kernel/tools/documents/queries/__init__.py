"""Reading evidence and papers."""

from bihuan.kernel.tools.documents.queries.evidence import (
    digest_of,
    get_evidence,
    list_evidence,
    to_evidence,
)
from bihuan.kernel.tools.documents.queries.papers import (
    VALID,
    check_paper,
    get_paper,
    is_same_file,
    list_papers,
    may_fetch,
    papers_of,
    read_paper,
    seen_papers,
    subject_of,
    to_paper,
)

__all__ = [
    "VALID",
    "check_paper",
    "digest_of",
    "get_evidence",
    "get_paper",
    "is_same_file",
    "list_evidence",
    "list_papers",
    "may_fetch",
    "papers_of",
    "read_paper",
    "seen_papers",
    "subject_of",
    "to_evidence",
    "to_paper",
]
