"""Tables of matters."""

from bihuan.kernel.affairs.cases.models.aside import LinkedReference, ReplyTemplate, SavedFilter
from bihuan.kernel.affairs.cases.models.asking import Application, CallBack, Supervision
from bihuan.kernel.affairs.cases.models.core import (
    ENDED,
    OUT_OF_PLAY,
    Bigrams,
    Case,
    Dated,
    EntryRow,
    Part,
    Round,
)

__all__ = [
    "ENDED",
    "OUT_OF_PLAY",
    "Application",
    "Bigrams",
    "CallBack",
    "Case",
    "Dated",
    "EntryRow",
    "LinkedReference",
    "Part",
    "ReplyTemplate",
    "Round",
    "SavedFilter",
    "Supervision",
]
