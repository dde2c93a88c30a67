"""Reading figures, the rows behind them, the index of areas, what everybody may read."""

from bihuan.kernel.sight.indices.queries.areas import (
    get_index,
    get_region,
    list_coloured_firms,
)
from bihuan.kernel.sight.indices.queries.days import (
    ROWS_SHOWN,
    days_kept,
    get_standing,
    list_day_rows,
    list_days,
)
from bihuan.kernel.sight.indices.queries.figures import (
    get_value,
    list_area_values,
    list_overdue_rungs,
    list_rows,
    list_values,
    list_wall_values,
)
from bihuan.kernel.sight.indices.queries.open import get_open_figures

__all__ = [
    "ROWS_SHOWN",
    "days_kept",
    "get_index",
    "get_open_figures",
    "get_region",
    "get_standing",
    "get_value",
    "list_area_values",
    "list_coloured_firms",
    "list_day_rows",
    "list_days",
    "list_overdue_rungs",
    "list_rows",
    "list_values",
    "list_wall_values",
]
