"""Raising many matters set-wise: the rules of `open_case`, a fact for each, few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from bihuan.kernel.affairs.cases import numbers
from bihuan.kernel.affairs.cases.lifecycle import ACCEPT
from bihuan.kernel.affairs.cases.models import Case, EntryRow, Round
from bihuan.kernel.affairs.cases.operations import clockwork, opening, writing
from bihuan.kernel.affairs.cases.operations.opening import UnableToRaise
from bihuan.kernel.affairs.cases.types import MAY_RAISE, CaseId, Opened, Raise, case_ref
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import Budget, Start
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform import clock as wall_clock
from bihuan.platform.database import bulk
from bihuan.platform.web.errors import NotAllowed

TRIES = 3
"""How often a batch begins anew when somebody else raises one of its matters meanwhile."""

Received = tuple[Raise, datetime]


def open_cases(
    batch: Sequence[Raise], *, scope: Scope, at: datetime, received: Sequence[datetime] = ()
) -> list[Opened]:
    """Receive many matters: what `open_case` does with each in order, in few statements.

    `received` tells when each was received, if not all at `at`: a file of another centre holds
    what that centre received before. Each matter has a source number or a cause, and no photos;
    what stands already is returned as repeated.

    Raises:
        NotAllowed, UnableToRaise, NotFound: as `open_case`; then nothing of the batch is written.
    """
    if not scope.has(MAY_RAISE):
        raise NotAllowed("Your post may not raise a matter.")
    for what in batch:
        opening.check(what)
        if not (what.source_key or what.cause) or what.photos:
            raise UnableToRaise("A matter of a batch needs its number and has no photos.")
    rows = list(zip(batch, received or [at] * len(batch), strict=True))
    for left in range(TRIES - 1, -1, -1):
        try:
            with transaction.atomic():
                return _open(rows, scope=scope)
        except IntegrityError:
            if not left:
                raise
    raise AssertionError("unreachable")


@dataclass(slots=True)
class _Standing:
    """Matters by their cause and by their source number: those that stood, then the new ones."""

    by_cause: dict[Ref, Case] = field(default_factory=dict)
    by_source: dict[tuple[str, str], Case] = field(default_factory=dict)

    def find(self, what: Raise) -> Case | None:
        """Return the matter that `open_case` would find."""
        found = self.by_cause.get(what.cause) if what.cause is not None else None
        return found or self.by_source.get((what.source, what.source_key))

    def add(self, case: Case) -> None:
        """Remember a matter."""
        if case.cause_key:
            self.by_cause[Ref(case.cause_kind, case.cause_key)] = case
        if case.source_key:
            self.by_source[case.source, case.source_key] = case


def _open(rows: Sequence[Received], *, scope: Scope) -> list[Opened]:
    standing = _standing([what for what, _ in rows])
    areas = registry.areas_by_code({opening.code_of(what.area_path) for what, _ in rows})
    serials = iter(numbers.next_serials(_most_new(standing, rows)))
    fresh: list[Case] = []
    answers: list[tuple[Case, bool]] = []
    for what, at in rows:
        known = standing.find(what)
        if known is None:
            code = opening.code_of(what.area_path)
            area = areas.get(code) or registry.get_area(code)
            number = numbers.number_of(opening.county_of(area), at, next(serials))
            case = opening.new_row(what, area, number, at)
            standing.add(case)
            fresh.append(case)
        answers.append((known or case, known is not None))
    _write(fresh, scope=scope)
    return [opening.opened(case, repeated=repeated) for case, repeated in answers]


def _most_new(standing: _Standing, rows: Sequence[Received]) -> int:
    """Return how many numbers may be needed: those of a batch that repeat each other are gaps."""
    return sum(standing.find(what) is None for what, _ in rows)


def _standing(batch: Sequence[Raise]) -> _Standing:
    found = _Standing()
    wanted = Q(pk__in=[])
    keys = {what.source_key for what in batch if what.source_key}
    if keys:
        wanted |= Q(source__in={what.source for what in batch}, source_key__in=keys)
    causes = [what.cause for what in batch if what.cause is not None]
    if causes:
        wanted |= Q(cause_kind__in={c.kind for c in causes}, cause_key__in={c.key for c in causes})
    for row in Case.objects.filter(wanted):
        found.add(row)
    return found


def _write(cases: Sequence[Case], *, scope: Scope) -> None:
    """Write new matters with their clocks, rounds, histories and facts."""
    if not cases:
        return
    bulk.give_keys(cases)
    budget = _Budgets()
    starts = [Start(case_ref(CaseId(case.pk)), budget.of(case), case.raised_at) for case in cases]
    timers = clocks.start_each(starts, name=f"{ACCEPT}.1", origin=scope.origin)
    for case, timer in zip(cases, timers, strict=True):
        clockwork.remember(case, timer)
    bulk.insert_rows(cases)
    bulk.insert_rows(
        [bulk.fresh(Round, case_id=case.pk, no=1, opened_at=case.raised_at) for case in cases]
    )
    bulk.insert_rows([_entry(case, scope) for case in cases])
    events.record_each(
        [(writing.opened_fact(case), scope.origin, case.raised_at) for case in cases]
    )


class _Budgets:
    """The budget of acceptance, looked up once for each kind, county and day."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, date], Budget] = {}

    def of(self, case: Case) -> Budget:
        """Return the budget of one matter."""
        key = (case.kind, case.area_path[:11], wall_clock.business_date(case.raised_at))
        if key not in self.kept:
            self.kept[key] = clockwork.budget_for(case, ACCEPT, case.raised_at)
        return self.kept[key]


def _entry(case: Case, scope: Scope) -> EntryRow:
    return bulk.fresh(
        EntryRow,
        case_id=case.pk,
        round_no=1,
        move="raise",
        at=case.raised_at,
        claimed_at=case.claimed_at,
        account_id=scope.origin.account_id,
        person_id=scope.person_id,
        unit_id=scope.unit_id,
        words=case.text,
        longitude=case.longitude,
        latitude=case.latitude,
    )
