"""The door of questionnaires."""

from bihuan.kernel.tools.assessments.kinds import (
    UnableToOffer,
    all_declared,
    declare_process,
    declare_version,
    read_version,
    seal,
    unanswered_alerts,
)
from bihuan.kernel.tools.assessments.operations.answers import (
    UnableToRecordAssessment,
    record_assessment,
)
from bihuan.kernel.tools.assessments.operations.versions import (
    UnableToLoadVersion,
    UnableToPublish,
    UnableToWithdraw,
    load_declared,
    publish_version,
    withdraw_version,
)
from bihuan.kernel.tools.assessments.queries import (
    count_assessments,
    find_version,
    get_assessment,
    get_offered,
    get_version,
    list_assessments,
    list_versions,
)
from bihuan.kernel.tools.assessments.rules.checking import check_definition
from bihuan.kernel.tools.assessments.rules.data import (
    UnableToReadDefinition,
    from_data,
    hash_definition,
    to_data,
)
from bihuan.kernel.tools.assessments.rules.scoring import evaluate, find_faults, shown_items

__all__ = [
    "UnableToLoadVersion",
    "UnableToOffer",
    "UnableToPublish",
    "UnableToReadDefinition",
    "UnableToRecordAssessment",
    "UnableToWithdraw",
    "all_declared",
    "check_definition",
    "count_assessments",
    "declare_process",
    "declare_version",
    "evaluate",
    "find_faults",
    "find_version",
    "from_data",
    "get_assessment",
    "get_offered",
    "get_version",
    "hash_definition",
    "list_assessments",
    "list_versions",
    "load_declared",
    "publish_version",
    "read_version",
    "record_assessment",
    "seal",
    "shown_items",
    "to_data",
    "unanswered_alerts",
    "withdraw_version",
]
