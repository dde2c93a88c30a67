"""Tables of matters."""

from bihuan.kernel.affairs.cases.models.aside import (
    LimitWish,
    LinkedReference,
    ReplyTemplate,
    SavedFilter,
)
from bihuan.kernel.affairs.cases.models.asking import Application, CallBack, Supervision
from bihuan.kernel.affairs.cases.models.core import (
    ENDED,
    OUT_OF_PLAY,
    PART_AT_WORK,
    TURNS,
    Case,
    Dated,
    EntryRow,
    Pairs,
    Part,
    Rank,
    Round,
)

__all__ = [
    "ENDED",
    "OUT_OF_PLAY",
    "PART_AT_WORK",
    "TURNS",
    "Application",
    "CallBack",
    "Case",
    "Dated",
    "EntryRow",
    "LimitWish",
    "LinkedReference",
    "Pairs",
    "Part",
    "Rank",
    "ReplyTemplate",
    "Round",
    "SavedFilter",
    "Supervision",
]
