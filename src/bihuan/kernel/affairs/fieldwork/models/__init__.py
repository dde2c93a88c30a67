"""Tables of this room: visits and findings, inspections, the duty of a hall."""

from bihuan.kernel.affairs.fieldwork.models.duty import DutyEntryRow, HandoverRow, ShiftRow
from bihuan.kernel.affairs.fieldwork.models.inspections import (
    CertificateRow,
    InspectionFindingRow,
    InspectionOfficerRow,
    InspectionRecordRow,
    InspectionRequestRow,
    InspectionRow,
)
from bihuan.kernel.affairs.fieldwork.models.visits import FindingRow, VisitRow

__all__ = [
    "CertificateRow",
    "DutyEntryRow",
    "FindingRow",
    "HandoverRow",
    "InspectionFindingRow",
    "InspectionOfficerRow",
    "InspectionRecordRow",
    "InspectionRequestRow",
    "InspectionRow",
    "ShiftRow",
    "VisitRow",
]
