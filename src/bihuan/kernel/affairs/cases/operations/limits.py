"""A new limit for matters that are open already: one person asks, another one lets it hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases.facts import LimitChanged, LimitWished
from bihuan.kernel.affairs.cases.lifecycle import DISPOSE
from bihuan.kernel.affairs.cases.models import Case, LimitWish, Part
from bihuan.kernel.affairs.cases.queries.limits import (
    governed_clocks,
    list_movements,
)
from bihuan.kernel.affairs.cases.types import CASE, MAY_SUPERVISE, PART, CaseId, case_ref
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import MANAGE_CALENDAR, Budget, Shift, TimerId
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.web.errors import Conflict, NotAllowed, Refused

WISH = "cases.limit_wish"


class UnableToChangeLimit(Refused):
    """The limit cannot be changed like this; the words say what to mend."""


@dataclass(frozen=True, slots=True)
class NewLimit:
    """A limit with the document that says so."""

    code: str
    amount: int
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a wish: whether it holds, and how many dates moved."""

    granted: bool
    moved: int


@transaction.atomic
def ask_limit(new: NewLimit, *, scope: Scope, at: datetime) -> int:
    """Ask that a new limit shall hold from today, for open matters too; nothing moves yet.

    Raises:
        NotAllowed: the post does not include it.
        UnableToPreview: the code is no limit of a clock, or the value is no budget.
        UnableToChangeLimit: no source is named, or a change of this limit waits already.
    """
    if not scope.has(MANAGE_CALENDAR) or scope.person_id is None:
        raise NotAllowed("Your post does not include this.", code=f"needs:{MANAGE_CALENDAR}")
    _name, budget, *_ = governed_clocks(new.code, {"amount": new.amount, "unit": new.unit}, at=at)
    if not new.source.strip():
        raise UnableToChangeLimit("Name the document that changes the limit.", field="source")
    if LimitWish.objects.filter(code=new.code, decided_at__isnull=True).exists():
        raise UnableToChangeLimit("A change of this limit waits for a second person already.")
    row = LimitWish.objects.create(
        code=new.code,
        amount=budget.amount,
        unit=budget.unit.value,
        source=new.source.strip()[:200],
        asked_by=scope.person_id,
        asked_at=at,
    )
    _say(row, "asked", scope=scope, at=at)
    return row.pk


@transaction.atomic
def decide_limit(wish_id: int, *, grant: bool, scope: Scope, at: datetime) -> Decided:
    """Let a new limit hold, or not. Each open matter that moves is a fact and says why.

    Running clocks get the new budget; what waits or was extended keeps its own. The same decision
    again changes nothing.

    Raises:
        NotAllowed: the post does not include it, or it is the person who asked.
        UnableToChangeLimit: there is no such wish, or another value holds since today.
        Conflict: somebody decided it otherwise.
    """
    if not (scope.has(MAY_SUPERVISE) or scope.has(MANAGE_CALENDAR)) or scope.person_id is None:
        raise NotAllowed("Your post does not include this.", code=f"needs:{MAY_SUPERVISE}")
    row = LimitWish.objects.select_for_update().filter(pk=wish_id).first()
    if row is None:
        raise UnableToChangeLimit("There is no such change of a limit.")
    if row.decided_at is not None:
        if row.granted != grant:
            raise Conflict("Somebody decided this already. Look at it again.", code="moved_on")
        return Decided(bool(row.granted), row.moved)
    if row.asked_by == scope.person_id:
        raise NotAllowed("Who asks for something does not decide it. Ask a colleague.")
    row.decided_by, row.decided_at, row.granted = scope.person_id, at, grant
    if grant:
        row.moved = len(_hold(row, scope=scope, at=at))
    row.save()
    _say(row, "granted" if grant else "refused", scope=scope, at=at)
    return Decided(grant, row.moved)


def _hold(row: LimitWish, *, scope: Scope, at: datetime) -> tuple[Shift, ...]:
    value = {"amount": row.amount, "unit": row.unit}
    given = standards.Given(row.code, value, row.source, clock.business_date(at))
    name, budget, timers, _extended = governed_clocks(row.code, value, at=at)
    standing = standards.find_standard(row.code, on=clock.business_date(at))
    if standing is None or standing.value != value:
        try:
            standards.load_entries([given], brought_by="limits page")
        except standards.UnableToLoadStandard as error:
            raise UnableToChangeLimit(
                "Another limit was entered for today. Decide this tomorrow."
            ) from error
    if name == DISPOSE:
        _keep_in_terms(timers, budget)
    shifts = clocks.change_budgets(
        dict.fromkeys(timers, budget), name=name, why=row.source, at=at, origin=scope.origin
    )
    _record(row, shifts, scope=scope, at=at)
    return shifts


def _keep_in_terms(timers: list[TimerId], budget: Budget) -> None:
    """Let the matters remember the new limit: what is given out again gets it too."""
    theirs = Part.objects.filter(timer_id__in=timers).values("case_id")
    rows = list(Case.objects.select_for_update(no_key=True).filter(pk__in=theirs).order_by("pk"))
    for case in rows:
        case.terms = case.terms | {
            "stages": [{"name": "", "amount": budget.amount, "unit": budget.unit.value}]
        }
    Case.objects.bulk_update(rows, ["terms"], batch_size=500)


def _record(row: LimitWish, shifts: tuple[Shift, ...], *, scope: Scope, at: datetime) -> None:
    parts = [int(s.subject.key) for s in shifts if s.subject.kind == PART]
    of_part = dict(Part.objects.filter(pk__in=parts).values_list("pk", "case_id"))
    facts = []
    for shift, movement in zip(shifts, list_movements(shifts), strict=True):
        key = int(shift.subject.key)
        fact = LimitChanged(
            subject=case_ref(CaseId(key if shift.subject.kind == CASE else of_part[key])),
            number=movement.number,
            code=row.code,
            wish=row.pk,
            was_at=shift.was_at,
            due_at=shift.due_at,
        )
        facts.append((fact, scope.origin))
    events.record_many(facts, at=at)


def _say(row: LimitWish, what: str, *, scope: Scope, at: datetime) -> None:
    fact = LimitWished(
        subject=Ref(WISH, str(row.pk)),
        what=what,
        code=row.code,
        amount=row.amount,
        unit=row.unit,
        moved=row.moved,
    )
    events.record(fact, origin=scope.origin, at=at)
