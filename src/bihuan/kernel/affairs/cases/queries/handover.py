"""What is open and cannot wait when one shift ends and the next begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.models import ENDED, Case
from bihuan.kernel.affairs.cases.policies import visible
from bihuan.kernel.affairs.cases.types import CaseId, State
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock

UNASSIGNED = (State.REPORTED, State.VERIFYING, State.FILED, State.RETURNED)


@dataclass(frozen=True, slots=True)
class Pending:
    """A matter that the next shift must know of, and why: the first reason that fits."""

    why: str
    """urgent, overdue, review or unassigned."""
    case_id: CaseId
    number: str
    title: str
    where: str
    due_at: datetime | None


def list_pending(*, scope: Scope, at: datetime) -> tuple[Pending, ...]:
    """Return what is urgent, overdue, about to be reviewed or with nobody; four statements.

    A matter is named once, for the first reason that fits; of each sort the nearest by deadline.
    """
    rule = standards.get_standard("cases.handover", on=clock.business_date(at)).value
    soon = at + timedelta(days=int(rule["review_within_days"]))
    sorts = (
        ("urgent", _urgent()),
        ("overdue", Q(due_at__lte=at, paused=False)),
        ("review", Q(state=State.SUSPENDED, review_at__lte=soon)),
        ("unassigned", Q(state__in=UNASSIGNED)),
    )
    found: dict[int, Pending] = {}
    for why, condition in sorts:
        for pending in _some(why, condition, scope, int(rule["most_each"])):
            found.setdefault(pending.case_id, pending)
    return tuple(found.values())


def _urgent() -> Q:
    """Return the condition of matters whose class is urgent."""
    condition = Q(pk__in=[])
    for kind in kinds.all_kinds():
        codes = [one.code for one in kind.classes if one.urgent]
        if codes:
            condition |= Q(kind=kind.code, class_code__in=codes)
    return condition


def _some(why: str, condition: Q, scope: Scope, most: int) -> Iterator[Pending]:
    rows = Case.objects.select_related("area").filter(visible(scope), condition)
    rows = rows.exclude(state__in=ENDED).order_by(F("due_at").asc(nulls_last=True), "pk")
    for row in rows[:most]:
        where = f"{row.area.name} {row.place}".strip()
        yield Pending(why, CaseId(row.pk), row.number, row.title, where, row.due_at)
