"""Writing: the life of clocks, their rungs, the calendar they count by."""
