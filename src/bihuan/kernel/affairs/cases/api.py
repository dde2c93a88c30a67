"""The door of matters."""

from bihuan.kernel.affairs.cases.kinds import (
    UnableToDeclareKind,
    all_kinds,
    class_title,
    declare_kind,
    declare_opens,
    find_class,
    get_kind,
)
from bihuan.kernel.affairs.cases.lifecycle import HAZARD_LIFE, STANDARD_LIFE
from bihuan.kernel.affairs.cases.operations.bulk import open_cases
from bihuan.kernel.affairs.cases.operations.dispatching import UnableToDispatch, dispatch_case
from bihuan.kernel.affairs.cases.operations.listening import listen
from bihuan.kernel.affairs.cases.operations.locking import UnableToFindCase
from bihuan.kernel.affairs.cases.operations.moving import (
    LackingEvidence,
    UnableToDoAlone,
    UnableToMove,
    move_case,
    move_part,
)
from bihuan.kernel.affairs.cases.operations.opening import UnableToRaise, open_case
from bihuan.kernel.affairs.cases.operations.verifying import Check, verify_case
from bihuan.kernel.affairs.cases.queries import (
    UnableToFind,
    count_cases,
    find_by_number,
    get_case,
    get_case_by_receipt,
    get_case_of_part,
    list_cases,
    may_see_ref,
    standing_source_keys,
    suggest_units,
)
from bihuan.kernel.affairs.cases.rules import UnableToDeclareLife

__all__ = [
    "HAZARD_LIFE",
    "STANDARD_LIFE",
    "Check",
    "LackingEvidence",
    "UnableToDeclareKind",
    "UnableToDeclareLife",
    "UnableToDispatch",
    "UnableToDoAlone",
    "UnableToFind",
    "UnableToFindCase",
    "UnableToMove",
    "UnableToRaise",
    "all_kinds",
    "class_title",
    "count_cases",
    "declare_kind",
    "declare_opens",
    "dispatch_case",
    "find_by_number",
    "find_class",
    "get_case",
    "get_case_by_receipt",
    "get_case_of_part",
    "get_kind",
    "list_cases",
    "listen",
    "may_see_ref",
    "move_case",
    "move_part",
    "open_case",
    "open_cases",
    "standing_source_keys",
    "suggest_units",
    "verify_case",
]
