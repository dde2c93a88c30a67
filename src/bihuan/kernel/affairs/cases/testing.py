"""What tests of other rooms may look at: the tables, read-only by custom. Worlds use the doors."""

from bihuan.kernel.affairs.cases.models import Case, EntryRow, Part, Round, Supervision

__all__ = ["Case", "EntryRow", "Part", "Round", "Supervision"]
