"""The door of figures."""

from bihuan.kernel.sight.indices.kinds import (
    UnableToDeclareFigure,
    all_figures,
    declare_figure,
    get_figure,
    wall_figures,
)
from bihuan.kernel.sight.indices.operations import export_rows, export_values
from bihuan.kernel.sight.indices.queries import (
    get_index,
    get_open_figures,
    get_region,
    get_value,
    list_area_values,
    list_coloured_firms,
    list_overdue_rungs,
    list_rows,
    list_values,
    list_wall_values,
)

__all__ = [
    "UnableToDeclareFigure",
    "all_figures",
    "declare_figure",
    "export_rows",
    "export_values",
    "get_figure",
    "get_index",
    "get_open_figures",
    "get_region",
    "get_value",
    "list_area_values",
    "list_coloured_firms",
    "list_overdue_rungs",
    "list_rows",
    "list_values",
    "list_wall_values",
    "wall_figures",
]
