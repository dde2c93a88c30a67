"""Putting a matter to one's own account: whoever holds its number and receipt code raised it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.kernel.affairs.cases.operations import writing
from bihuan.kernel.affairs.cases.operations.locking import lock_by_receipt
from bihuan.kernel.affairs.cases.operations.moving import moved
from bihuan.kernel.affairs.cases.types import MAY_SEE_OWN, Detail, Moved
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import PersonId, Scope, person_ref
from bihuan.platform.database.together import Writing
from bihuan.platform.web.errors import Conflict, NotAllowed

CLAIM = "claim"


class ClaimedAlready(Conflict):
    """Another account has it."""


def claim_by_receipt(number: str, code: str, *, scope: Scope, at: datetime) -> Moved:
    """Let the person of an account be who raised a matter, by its number and receipt code.

    It was raised without a name, or for somebody whom the counter registered and who has no
    account. One's own already, nothing more is written.

    Raises:
        UnableToFindCase: number and code do not belong together.
        NotAllowed: nobody is signed in as a resident.
        ClaimedAlready: it is that of a person with another account.
    """
    if scope.person_id is None or not scope.has(MAY_SEE_OWN):
        raise NotAllowed("Sign in with your own account first.", code="no_person")
    with transaction.atomic():
        locked = lock_by_receipt(number, code)
        case, mine = locked.case, person_ref(scope.person_id)
        if (case.raised_by_kind, case.raised_by_key) == (mine.kind, mine.key):
            return moved(case)
        if not _is_free(case.raised_by_kind, case.raised_by_key):
            raise ClaimedAlready("This matter stands with another account already.")
        case.raised_by_kind, case.raised_by_key = mine.kind, mine.key
        into = Writing()
        locked.save_with(into, writing.entry_of(case, CLAIM, Detail(), scope=scope, at=at))
        fact = writing.case_fact(case, move=CLAIM, before=case.state)
        writing.record_with(into, [fact], scope=scope, at=at)
        into.send()
    return moved(case)


def _is_free(kind: str, key: str) -> bool:
    """Return whether nobody is named, or somebody without an account."""
    if not key:
        return True
    if kind != "registry.person":
        return False
    return registry.get_person_card(PersonId(UUID(key))).account_id is None
