"""The door of rules."""

from bihuan.kernel.ground.standards.kinds import register_rule
from bihuan.kernel.ground.standards.operations import (
    UnableToLoadStandard,
    decide,
    load_entries,
    load_folder,
)
from bihuan.kernel.ground.standards.queries import (
    UnableToFindStandard,
    find_standard,
    forget,
    get_decision,
    get_first,
    get_standard,
    list_decisions,
    list_versions,
    replay,
)
from bihuan.kernel.ground.standards.rules import Given, UnableToReadStandards, read_entries

__all__ = [
    "Given",
    "UnableToFindStandard",
    "UnableToLoadStandard",
    "UnableToReadStandards",
    "decide",
    "find_standard",
    "forget",
    "get_decision",
    "get_first",
    "get_standard",
    "list_decisions",
    "list_versions",
    "load_entries",
    "load_folder",
    "read_entries",
    "register_rule",
    "replay",
]
