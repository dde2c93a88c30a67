"""Tables of this room: visits and findings, the duty of a hall."""

from bihuan.kernel.affairs.fieldwork.models.duty import DutyEntryRow, HandoverRow, ShiftRow
from bihuan.kernel.affairs.fieldwork.models.visits import FindingRow, VisitRow

__all__ = ["DutyEntryRow", "FindingRow", "HandoverRow", "ShiftRow", "VisitRow"]
