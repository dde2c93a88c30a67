"""A limit changed for clocks that run already: on request, with the reason in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bihuan.kernel.ground.clocks import queries, rules
from bihuan.kernel.ground.clocks.facts import DueMoved
from bihuan.kernel.ground.clocks.models import TimerEvent, TimerRow
from bihuan.kernel.ground.clocks.operations.calendar import CACHED
from bihuan.kernel.ground.clocks.types import Budget, Shift, TimerId
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Origin, Ref
from bihuan.platform.database import bulk


@transaction.atomic
def change_budgets(
    budgets: Mapping[TimerId, Budget], *, name: str, why: str, at: datetime, origin: Origin
) -> tuple[Shift, ...]:
    """Give running clocks of a name another budget; return those whose date moves, as facts too.

    What `preview_budgets` shows, done. A clock that has this budget already is left as it is, so
    that the same change again changes nothing.
    """
    named = Q(name=name) | Q(name__startswith=f"{name}.")
    rows = list(
        TimerRow.objects.select_for_update(no_key=True)
        .filter(named, pk__in=budgets, stopped_at__isnull=True)
        .order_by("pk")
    )
    waits, calendar = queries.waits_of(rows), queries.get_calendar()
    changed, ledger, shifts = [], [], []
    facts: list[tuple[DueMoved, Origin]] = []
    for row in rows:
        budget = budgets[TimerId(row.pk)]
        if (row.amount, row.unit) == (budget.amount, budget.unit.value):
            continue
        due = rules.due_for(budget, row.started_at, calendar, waits.get(row.pk, ()))
        ledger.append(
            TimerEvent(
                timer=row,
                what="limit",
                at=at,
                amount=row.amount,
                unit=row.unit,
                reason=why[:200],
                account_id=origin.account_id,
            )
        )
        subject, was_at = Ref(row.subject_kind, row.subject_key), row.due_at
        row.amount, row.unit = budget.amount, budget.unit.value
        row.due_at, row.provisional = due.at, due.provisional
        row.yellow_at, row.orange_at = due.yellow_at, due.orange_at
        changed.append(row)
        if was_at != due.at:
            shifts.append(Shift(TimerId(row.pk), subject, row.name, was_at, due.at))
            facts.append((_moved(row, subject, was_at, why), origin))
    bulk.insert_rows(ledger)
    TimerRow.objects.bulk_update(changed, ("amount", "unit", *CACHED), batch_size=1000)
    events.record_many(facts, at=at)
    return tuple(shifts)


def _moved(row: TimerRow, subject: Ref, was_at: datetime, why: str) -> DueMoved:
    return DueMoved(
        subject=subject,
        timer_id=row.pk,
        timer=row.name,
        was_at=was_at,
        due_at=row.due_at,
        yellow_at=row.yellow_at,
        orange_at=row.orange_at,
        provisional=row.provisional,
        why=why,
    )
