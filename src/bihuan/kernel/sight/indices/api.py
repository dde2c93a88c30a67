"""The door of figures."""

from bihuan.kernel.sight.indices.kinds import (
    UnableToDeclareFigure,
    declare_figure,
    get_figure,
    wall_figures,
)
from bihuan.kernel.sight.indices.queries import (
    count_colours,
    get_index,
    get_value,
    list_overdue_rungs,
    list_rows,
    list_town_indices,
    list_wall_values,
)

__all__ = [
    "UnableToDeclareFigure",
    "count_colours",
    "declare_figure",
    "get_figure",
    "get_index",
    "get_value",
    "list_overdue_rungs",
    "list_rows",
    "list_town_indices",
    "list_wall_values",
    "wall_figures",
]
