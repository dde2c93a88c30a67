"""The door of visits."""

from bihuan.kernel.affairs.fieldwork.operations import (
    UnableToRecordVisit,
    record_patrol,
    record_verification,
)
from bihuan.kernel.affairs.fieldwork.queries import count_visits, get_finding, last_visits

__all__ = [
    "UnableToRecordVisit",
    "count_visits",
    "get_finding",
    "last_visits",
    "record_patrol",
    "record_verification",
]
