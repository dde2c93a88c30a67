"""Matters about the same: one disposal, an answer to each who raised it (主案与并案)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from bihuan.kernel.affairs.cases.facts import CaseMoved
from bihuan.kernel.affairs.cases.models import ENDED, Case, EntryRow
from bihuan.kernel.affairs.cases.operations.locking import Locked
from bihuan.kernel.affairs.cases.operations.writing import case_fact
from bihuan.kernel.affairs.cases.types import CaseId, State
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import Refused


class UnableToMerge(Refused):
    """The matter chosen as the main one cannot be it."""


FOLLOWED = "SELECT EXISTS (SELECT FROM cases_case WHERE master_id = %s AND state = 'merged')"
"""Whether any matter follows this one: asked with the statement that writes the move."""


def attach(locked: Locked, master_id: CaseId) -> None:
    """Let a matter follow another one to its end, and those that follow it too.

    Raises:
        UnableToMerge: the main matter is the same, ended, merged itself, or of another kind.
    """
    case = locked.case
    master = Case.objects.get(pk=master_id)
    if master.pk == case.pk:
        raise UnableToMerge("A matter cannot be merged into itself.", field="master")
    if master.state in ENDED:
        raise UnableToMerge(
            "The main matter has ended or follows another one. Choose an open one.", field="master"
        )
    if master.kind != case.kind:
        raise UnableToMerge("The main matter is of another kind.", field="master")
    case.master = master
    Case.objects.filter(master=case, state=State.MERGED).update(master=master)
    if case.raised_by_key and case.raised_by_key == master.raised_by_key:
        Case.objects.filter(pk=master.pk).update(repeats=F("repeats") + 1)


def detach(case: Case) -> None:
    """Let a matter go its own way again."""
    case.master, case.closed_at, case.answer = None, None, ""


def answer_all(case: Case, *, scope: Scope, at: datetime) -> int:
    """Give the answer of a closed matter to everybody whose matter follows it."""
    return _tell(case, _Told("reply", "cases.closed", case.answer, at), scope=scope, at=at)


def reopen_all(case: Case, *, scope: Scope, at: datetime) -> int:
    """Tell everybody whose matter follows this one that it is handled again."""
    return _tell(case, _Told("reply_open", "cases.reopened"), scope=scope, at=at)


@dataclass(frozen=True, slots=True)
class _Told:
    move: str
    notice: str
    answer: str = ""
    closed_at: datetime | None = None


def _tell(case: Case, told: _Told, *, scope: Scope, at: datetime) -> int:
    rows = list(
        Case.objects.select_for_update().filter(master=case, state=State.MERGED).order_by("pk")
    )
    if not rows:
        return 0
    for row in rows:
        row.answer, row.closed_at, row.version = told.answer, told.closed_at, row.version + 1
    Case.objects.bulk_update(rows, ["answer", "closed_at", "version"])
    EntryRow.objects.bulk_create(
        EntryRow(
            case=row,
            round_no=row.round_no,
            move=told.move,
            at=at,
            account_id=scope.origin.account_id,
            person_id=scope.person_id,
            unit_id=scope.unit_id,
            words=told.answer,
        )
        for row in rows
    )
    facts: list[CaseMoved] = [
        case_fact(row, move=told.move, before=row.state, notice=told.notice) for row in rows
    ]
    events.record_many([(fact, scope.origin) for fact in facts], at=at)
    return len(rows)
