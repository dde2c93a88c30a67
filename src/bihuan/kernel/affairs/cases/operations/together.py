"""Filing and dispatching several matters at once, each in a step of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.operations.dispatching import dispatch_case
from bihuan.kernel.affairs.cases.operations.moving import move_case
from bihuan.kernel.affairs.cases.operations.permitting import UnableToMove
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import (
    Detail,
    Fulfilled,
    Moved,
    MoveName,
    NewPart,
    Role,
    State,
    Wish,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import Refused

MOST = 100


class UnableToDoTogether(Refused):
    """Too many at once, or none."""


def dispatch_together(
    wishes: Sequence[Wish], *, scope: Scope, at: datetime
) -> tuple[Fulfilled, ...]:
    """Do with each matter what was chosen: file and dispatch it, or merge it.

    The rules are those of the single moves. A matter that moved on since the plan was shown, or
    that is refused, is told and keeps nobody else from being done. Merges come last, so that a
    main matter of the same plan stands filed.

    Raises:
        UnableToDoTogether: none, or more than a hundred.
    """
    if not 0 < len(wishes) <= MOST:
        raise UnableToDoTogether("Choose between one and a hundred matters.")
    ids = [wish.case_id for wish in wishes]
    rows = {row.pk: row for row in Case.objects.filter(visible(scope), pk__in=ids)}
    done = {
        wish.case_id: _try(wish, rows.get(wish.case_id), scope=scope, at=at)
        for wish in sorted(wishes, key=lambda wish: (wish.master_id is not None, wish.case_id))
    }
    return tuple(done[wish.case_id] for wish in wishes)


def _try(wish: Wish, row: Case | None, *, scope: Scope, at: datetime) -> Fulfilled:
    if row is None:
        return Fulfilled(wish.case_id, "", refusal="There is no such matter in your care.")
    try:
        with transaction.atomic():
            if row.version != wish.version:
                raise UnableToMove(
                    "Somebody was quicker: the matter has moved on. Look at it again."
                )
            moved = _do(wish, State(row.state), scope=scope, at=at)
    except Refused as refused:
        return Fulfilled(wish.case_id, row.number, refusal=refused.spoken())
    return Fulfilled(wish.case_id, row.number, moved.state)


def _do(wish: Wish, state: State, *, scope: Scope, at: datetime) -> Moved:
    if wish.master_id is not None:
        detail = Detail(master_id=wish.master_id)
        return move_case(wish.case_id, move=MoveName("merge"), scope=scope, at=at, detail=detail)
    if wish.unit_id is None:
        raise UnableToDoTogether("Choose a unit or a main matter.")
    if state in {State.REPORTED, State.VERIFYING}:
        move_case(wish.case_id, move=MoveName("file"), scope=scope, at=at)
    parts = [NewPart(wish.unit_id, Role.LEAD)]
    return dispatch_case(wish.case_id, parts=parts, scope=scope, at=at)
