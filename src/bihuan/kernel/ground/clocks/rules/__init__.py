"""Pure decisions about deadlines: counting, the ladder of reminders, reading a yearly notice."""

from bihuan.kernel.ground.clocks.rules.counting import (
    CHINA,
    WEEKEND,
    UnableToCount,
    band_at,
    due_for,
    is_workday,
    left_at,
    local_day,
    read_calendar,
    rest_name,
)
from bihuan.kernel.ground.clocks.rules.ladder import (
    last_opening,
    overdue_days,
    overdue_opening,
    rung_order,
    working_days_after,
)
from bihuan.kernel.ground.clocks.rules.yearly import (
    changed_days,
    missing_years,
    read_notice,
    value_of,
)

__all__ = [
    "CHINA",
    "WEEKEND",
    "UnableToCount",
    "band_at",
    "changed_days",
    "due_for",
    "is_workday",
    "last_opening",
    "left_at",
    "local_day",
    "missing_years",
    "overdue_days",
    "overdue_opening",
    "read_calendar",
    "read_notice",
    "rest_name",
    "rung_order",
    "value_of",
    "working_days_after",
]
