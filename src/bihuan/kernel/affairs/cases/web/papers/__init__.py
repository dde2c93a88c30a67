"""Papers about a matter: the answer letter and the case file."""

from bihuan.kernel.affairs.cases.web.papers.file import (
    CASE_FILE,
    CLEAR_FILE,
    FILE_KINDS,
    Clear,
    issue_file,
)
from bihuan.kernel.affairs.cases.web.papers.letter import (
    LETTER,
    LETTER_KIND,
    is_answered,
    issue_letter,
)

KINDS = (LETTER_KIND, *FILE_KINDS)

__all__ = [
    "CASE_FILE",
    "CLEAR_FILE",
    "KINDS",
    "LETTER",
    "Clear",
    "is_answered",
    "issue_file",
    "issue_letter",
]
