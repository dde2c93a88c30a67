"""Words of evidence and of papers."""

from bihuan.kernel.tools.documents.types.evidence import (
    CLOCK_DIFFERS_SECONDS,
    MOST_A_SUBJECT,
    Evidence,
    EvidenceId,
)
from bihuan.kernel.tools.documents.types.papers import (
    MAY_WITHDRAW,
    PAPER,
    Block,
    CheckedPaper,
    Content,
    Facts,
    NewPaper,
    Paper,
    PaperId,
    PaperKind,
    PaperState,
    Pictures,
    Printed,
    Table,
    Words,
    paper_ref,
)

__all__ = [
    "CLOCK_DIFFERS_SECONDS",
    "MAY_WITHDRAW",
    "MOST_A_SUBJECT",
    "PAPER",
    "Block",
    "CheckedPaper",
    "Content",
    "Evidence",
    "EvidenceId",
    "Facts",
    "NewPaper",
    "Paper",
    "PaperId",
    "PaperKind",
    "PaperState",
    "Pictures",
    "Printed",
    "Table",
    "Words",
    "paper_ref",
]
