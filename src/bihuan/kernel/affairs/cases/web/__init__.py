"""Fragments of matters that a page may include: state, rail, timeline, parts, forms of moves."""

from bihuan.kernel.affairs.cases.web.fragments import (
    asked_words,
    badge_of,
    explained_of,
    part_cards,
    rail_of,
    state_of,
    timeline_of,
)
from bihuan.kernel.affairs.cases.web.gaps import MovedRow, gap_words, limit_choices, moved_rows
from bihuan.kernel.affairs.cases.web.ladder import (
    escalation_note,
    ladder_words,
    rung_words,
    told_words,
)
from bihuan.kernel.affairs.cases.web.moves import MoveCard, move_cards
from bihuan.kernel.affairs.cases.web.papers import (
    CLEAR_FILE,
    LETTER,
    Clear,
    is_answered,
    issue_file,
    issue_letter,
)
from bihuan.kernel.affairs.cases.web.photos import PhotosField, receive_photos, receive_voice
from bihuan.kernel.affairs.cases.web.views import back_of, make_by_receipt, make_for
from bihuan.kernel.affairs.cases.web.words import (
    code_words,
    kind_words,
    move_words,
    reason_words,
    state_words,
)

__all__ = [
    "CLEAR_FILE",
    "LETTER",
    "Clear",
    "MoveCard",
    "MovedRow",
    "PhotosField",
    "asked_words",
    "back_of",
    "badge_of",
    "code_words",
    "escalation_note",
    "explained_of",
    "gap_words",
    "is_answered",
    "issue_file",
    "issue_letter",
    "kind_words",
    "ladder_words",
    "limit_choices",
    "make_by_receipt",
    "make_for",
    "move_cards",
    "move_words",
    "moved_rows",
    "part_cards",
    "rail_of",
    "reason_words",
    "receive_photos",
    "receive_voice",
    "rung_words",
    "state_of",
    "state_words",
    "timeline_of",
    "told_words",
]
