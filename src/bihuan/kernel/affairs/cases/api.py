"""The door of matters."""

from bihuan.kernel.affairs.cases.handled import Handled, list_handled
from bihuan.kernel.affairs.cases.kinds import (
    UnableToDeclareKind,
    all_kinds,
    class_title,
    declare_kind,
    declare_opens,
    find_class,
    get_kind,
    terms_of_class,
)
from bihuan.kernel.affairs.cases.lifecycle import HAZARD_LIFE, STANDARD_LIFE
from bihuan.kernel.affairs.cases.operations.asking import UnableToAsk
from bihuan.kernel.affairs.cases.operations.attached import UnableToMerge
from bihuan.kernel.affairs.cases.operations.beside import (
    UnableToSave,
    drop_filter,
    save_filter,
    save_template,
)
from bihuan.kernel.affairs.cases.operations.bulk import open_cases
from bihuan.kernel.affairs.cases.operations.calling import Called, call_back
from bihuan.kernel.affairs.cases.operations.claiming import ClaimedAlready, claim_by_receipt
from bihuan.kernel.affairs.cases.operations.dispatching import (
    UnableToDispatch,
    assign_case,
    dispatch_case,
)
from bihuan.kernel.affairs.cases.operations.dissolving import (
    HandedOn,
    Held,
    UnableToDissolve,
    dissolve_unit,
    list_held,
)
from bihuan.kernel.affairs.cases.operations.hearing import (
    Heard,
    HeardAlready,
    UnableToWriteDown,
    write_down,
)
from bihuan.kernel.affairs.cases.operations.limits import (
    Decided,
    NewLimit,
    UnableToChangeLimit,
    ask_limit,
    decide_limit,
)
from bihuan.kernel.affairs.cases.operations.listening import listen
from bihuan.kernel.affairs.cases.operations.locking import UnableToFindCase
from bihuan.kernel.affairs.cases.operations.looking import require_open, require_open_by_receipt
from bihuan.kernel.affairs.cases.operations.moving import (
    BY_RECEIPT,
    move_by_receipt,
    move_case,
    move_part,
)
from bihuan.kernel.affairs.cases.operations.opening import UnableToRaise, open_case
from bihuan.kernel.affairs.cases.operations.permitting import (
    LackingEvidence,
    UnableToDoAlone,
    UnableToMove,
)
from bihuan.kernel.affairs.cases.operations.references import (
    UnableToLink,
    extend_reference,
    link_reference,
    note_reference,
)
from bihuan.kernel.affairs.cases.operations.reviewing import bring_back
from bihuan.kernel.affairs.cases.operations.taking_over import take_over_cases
from bihuan.kernel.affairs.cases.operations.together import UnableToDoTogether, dispatch_together
from bihuan.kernel.affairs.cases.operations.verifying import Check, verify_case
from bihuan.kernel.affairs.cases.queries import (
    UnableToFind,
    care_of,
    count_cases,
    count_references,
    find_by_number,
    get_case,
    get_case_at_work,
    get_case_by_receipt,
    get_case_of_part,
    list_alike,
    list_alike_to,
    list_cases,
    list_every_case,
    list_filters,
    list_overdue,
    list_references,
    list_templates,
    may_see_ref,
    places_of,
    plan_together,
    standing_source_keys,
    suggest_units,
    titles_of,
    works_on,
)
from bihuan.kernel.affairs.cases.queries.handover import Pending, list_pending
from bihuan.kernel.affairs.cases.queries.ladder import find_level, get_ladder
from bihuan.kernel.affairs.cases.queries.limits import (
    LimitPreview,
    Movement,
    UnableToPreview,
    Wished,
    list_limit_wishes,
    list_movements,
    preview_limit,
)
from bihuan.kernel.affairs.cases.queries.said import SaidOpen, list_said
from bihuan.kernel.affairs.cases.queries.searching import Mention, search_texts
from bihuan.kernel.affairs.cases.rules import UnableToDeclareLife

__all__ = [
    "BY_RECEIPT",
    "HAZARD_LIFE",
    "STANDARD_LIFE",
    "Called",
    "Check",
    "ClaimedAlready",
    "Decided",
    "HandedOn",
    "Handled",
    "Heard",
    "HeardAlready",
    "Held",
    "LackingEvidence",
    "LimitPreview",
    "Mention",
    "Movement",
    "NewLimit",
    "Pending",
    "SaidOpen",
    "UnableToAsk",
    "UnableToChangeLimit",
    "UnableToDeclareKind",
    "UnableToDeclareLife",
    "UnableToDispatch",
    "UnableToDissolve",
    "UnableToDoAlone",
    "UnableToDoTogether",
    "UnableToFind",
    "UnableToFindCase",
    "UnableToLink",
    "UnableToMerge",
    "UnableToMove",
    "UnableToPreview",
    "UnableToRaise",
    "UnableToSave",
    "UnableToWriteDown",
    "Wished",
    "all_kinds",
    "ask_limit",
    "assign_case",
    "bring_back",
    "call_back",
    "care_of",
    "claim_by_receipt",
    "class_title",
    "count_cases",
    "count_references",
    "decide_limit",
    "declare_kind",
    "declare_opens",
    "dispatch_case",
    "dispatch_together",
    "dissolve_unit",
    "drop_filter",
    "extend_reference",
    "find_by_number",
    "find_class",
    "find_level",
    "get_case",
    "get_case_at_work",
    "get_case_by_receipt",
    "get_case_of_part",
    "get_kind",
    "get_ladder",
    "link_reference",
    "list_alike",
    "list_alike_to",
    "list_cases",
    "list_every_case",
    "list_filters",
    "list_handled",
    "list_held",
    "list_limit_wishes",
    "list_movements",
    "list_overdue",
    "list_pending",
    "list_references",
    "list_said",
    "list_templates",
    "listen",
    "may_see_ref",
    "move_by_receipt",
    "move_case",
    "move_part",
    "note_reference",
    "open_case",
    "open_cases",
    "places_of",
    "plan_together",
    "preview_limit",
    "require_open",
    "require_open_by_receipt",
    "save_filter",
    "save_template",
    "search_texts",
    "standing_source_keys",
    "suggest_units",
    "take_over_cases",
    "terms_of_class",
    "titles_of",
    "verify_case",
    "works_on",
    "write_down",
]
