"""Writing: what is taken out of the house, and the counts of each day."""

from bihuan.kernel.sight.indices.operations.days import build_days, check_days, keep_days
from bihuan.kernel.sight.indices.operations.exporting import export_rows, export_values

__all__ = ["build_days", "check_days", "export_rows", "export_values", "keep_days"]
