"""Asking for something that another person decides, and deciding it."""

from __future__ import annotations

from datetime import datetime

from bihuan.kernel.affairs.cases.models import Application, Case, Part
from bihuan.kernel.affairs.cases.operations import clockwork
from bihuan.kernel.affairs.cases.operations.locking import Locked
from bihuan.kernel.affairs.cases.types import (
    EXTENSION,
    MALICIOUS,
    UNREASONABLE,
    Detail,
    Transition,
)
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import Refused

REFUSALS = frozenset(
    {"refuse_extension", "refuse_suspension", "refuse_unreasonable", "clear_malicious"}
)


class UnableToAsk(Refused):
    """What is asked for is more than can be given."""


def ask(
    locked: Locked,
    part: Part | None,
    row: Transition,
    detail: Detail,
    *,
    scope: Scope,
    at: datetime,
) -> None:
    """Write down what is asked for."""
    if row.asks == EXTENSION and part is not None:
        _check_amount(locked, part, detail)
    wish_of(locked.case, part, row, detail, scope=scope, at=at).save()


def wish_of(
    case: Case,
    part: Part | None,
    row: Transition,
    detail: Detail,
    *,
    scope: Scope,
    at: datetime,
) -> Application:
    """Return what is asked for, not yet written."""
    return Application(
        case=case,
        part=part,
        kind=row.asks,
        asked_by=scope.person_id,
        asked_unit_id=scope.unit_id,
        asked_at=at,
        reason=detail.reason,
        words=detail.words.strip(),
        amount=detail.amount,
        review_at=detail.review_at,
    )


def _check_amount(locked: Locked, part: Part, detail: Detail) -> None:
    granted = clockwork.budget_of_stage(locked.case, part.stage)
    if detail.amount > granted.amount:
        raise UnableToAsk(
            "The extension is longer than the original limit. Ask for less.", field="amount"
        )


def decide(
    locked: Locked,
    part: Part | None,
    row: Transition,
    detail: Detail,
    *,
    scope: Scope,
    at: datetime,
) -> Application | None:
    """Decide what was asked for; None where somebody acts without being asked."""
    part_id = part.pk if part else None
    asked = next((a for a in locked.asked if a.kind == row.decides and a.part_id == part_id), None)
    if asked is None:
        return None
    note_decision(locked, asked, row, detail, scope=scope, at=at)
    asked.save()
    return asked


def note_decision(
    locked: Locked,
    asked: Application,
    row: Transition,
    detail: Detail,
    *,
    scope: Scope,
    at: datetime,
) -> None:
    """Let what was asked for, and the matter, remember the decision."""
    asked.decided_by, asked.decided_at = scope.person_id, at
    asked.granted, asked.decision = row.name not in REFUSALS, detail.words.strip()
    if asked.granted and asked.kind == UNREASONABLE:
        locked.case.unreasonable = asked.reason
        locked.case.answer = detail.words.strip()
    if asked.granted and asked.kind == MALICIOUS:
        locked.case.malicious = True


def drop_what_is_moot(locked: Locked, *, at: datetime) -> None:
    """Let applications of a round that ended fall; each keeps saying what was asked."""
    if locked.nothing_asked:
        return
    Application.objects.filter(
        case=locked.case, decided_at__isnull=True, kind__in=[EXTENSION, "suspension", UNREASONABLE]
    ).update(decided_at=at, granted=False, decision="")
