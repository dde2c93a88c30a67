"""The door of codes."""

from bihuan.kernel.tools.codes.operations import (
    check_code,
    code_text,
    issue_code,
    lock_subject,
    revoke_code,
    set_standing,
)
from bihuan.kernel.tools.codes.queries import (
    find_code,
    get_standing,
    list_history,
    living_codes,
    standings_of,
)

__all__ = [
    "check_code",
    "code_text",
    "find_code",
    "get_standing",
    "issue_code",
    "list_history",
    "living_codes",
    "lock_subject",
    "revoke_code",
    "set_standing",
    "standings_of",
]
