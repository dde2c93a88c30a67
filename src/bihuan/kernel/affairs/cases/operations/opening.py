"""Raising matters: one by one, and set-wise by the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from bihuan.kernel.affairs.cases import kinds, numbers
from bihuan.kernel.affairs.cases.lifecycle import ACCEPT
from bihuan.kernel.affairs.cases.models import Case, EntryRow, Round
from bihuan.kernel.affairs.cases.operations import clockwork, writing
from bihuan.kernel.affairs.cases.types import (
    MAY_RAISE,
    CaseId,
    Detail,
    Opened,
    Raise,
    State,
    case_ref,
)
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, Scope
from bihuan.platform.web.errors import NotAllowed, Refused

TITLE_LONGEST = 120
TEXT_LONGEST = 5000


class UnableToRaise(Refused):
    """What was raised cannot be taken in; the words say what to mend."""


def open_case(what: Raise, *, scope: Scope, at: datetime) -> Opened:
    """Receive a matter. The same cause or the same source number opens it only once.

    The acceptance clock starts at `at`, when the centre receives; a time that a phone claims is
    kept as evidence only.

    Raises:
        NotAllowed: the scope may not raise matters.
        UnableToRaise: text, class or place do not hold.
    """
    if not scope.has(MAY_RAISE):
        raise NotAllowed("Your post may not raise a matter.")
    check(what)
    known = _known(what)
    if known is not None:
        return opened(known, repeated=True)
    try:
        with transaction.atomic():
            return opened(_open(what, scope=scope, at=at))
    except IntegrityError:
        again = _known(what)
        if again is None:
            raise
        return opened(again, repeated=True)


def check(what: Raise) -> None:
    """Refuse what cannot be a matter.

    Raises:
        UnableToRaise: with the field that is wrong.
    """
    if not what.title.strip():
        raise UnableToRaise("Say in one sentence what it is about.", field="text")
    if len(what.text) > TEXT_LONGEST:
        raise UnableToRaise("This is longer than 5,000 characters. Shorten it.", field="text")
    if kinds.find_class(what.kind, what.class_code) is None:
        raise UnableToRaise("This kind of matter is not known here.", field="class_code")


def opened(case: Case, *, repeated: bool = False) -> Opened:
    """Return what the receipt shows."""
    return Opened(
        case_id=CaseId(case.pk),
        number=case.number,
        receipt_code=numbers.receipt_code(case.number, case.receipt_salt),
        state=State(case.state),
        repeated=repeated,
    )


def _known(what: Raise) -> Case | None:
    if what.cause is not None:
        return Case.objects.filter(cause_kind=what.cause.kind, cause_key=what.cause.key).first()
    if what.source_key:
        return Case.objects.filter(source=what.source, source_key=what.source_key).first()
    return None


def _open(what: Raise, *, scope: Scope, at: datetime) -> Case:
    area = registry.get_area(_code(what.area_path))
    number = numbers.next_numbers(_county(area), at)[0]
    case = _row(what, area, number, at)
    case.save()
    Round.objects.create(case=case, no=1, opened_at=at)
    clockwork.start(case, case, ACCEPT, origin=scope.origin, at=at)
    case.save()
    detail = Detail(
        words=what.text,
        photos=what.photos,
        longitude=what.longitude,
        latitude=what.latitude,
        claimed_at=what.claimed_at,
    )
    writing.write_entry(case, "raise", detail, scope=scope, at=at)
    writing.record_opened(case, scope=scope, at=at)
    return case


def _code(area_path: str) -> str:
    return area_path.strip("/").rsplit("/", 1)[-1]


def _county(area: Area) -> str:
    codes = area.path.strip("/").split("/")
    return codes[1] if len(codes) > 1 else codes[0]


def _row(what: Raise, area: Area, number: str, at: datetime) -> Case:
    kind = kinds.get_kind(what.kind)
    return Case(
        number=number,
        kind=what.kind,
        class_code=what.class_code,
        title=what.title.strip()[:TITLE_LONGEST],
        text=what.text.strip(),
        state=kind.life.first.value,
        area_id=area.id,
        area_path=area.path,
        place=what.place.strip()[:120],
        longitude=what.longitude,
        latitude=what.latitude,
        source=what.source,
        source_key=what.source_key,
        raised_by_kind=what.raised_by.kind if what.raised_by else "",
        raised_by_key=what.raised_by.key if what.raised_by else "",
        concerns=what.concerns,
        cause_kind=what.cause.kind if what.cause else "",
        cause_key=what.cause.key if what.cause else "",
        receipt_salt=numbers.new_salt(),
        raised_at=at,
        claimed_at=what.claimed_at,
    )


def open_cases(batch: Sequence[Raise], *, scope: Scope, at: datetime) -> list[Opened]:
    """Receive many matters set-wise: the rules of `open_case`, a fact for each, few statements.

    Every row has a `source_key`; those that stand already are returned as repeated. Matters of a
    batch carry no photos.

    Raises:
        NotAllowed, UnableToRaise: as `open_case`; then nothing of the batch is written.
    """
    if not scope.has(MAY_RAISE):
        raise NotAllowed("Your post may not raise a matter.")
    for what in batch:
        check(what)
        if not what.source_key or what.photos:
            raise UnableToRaise("A matter of a batch needs its number and has no photos.")
    with transaction.atomic():
        known = _known_of(batch)
        fresh = [what for what in batch if (what.source, what.source_key) not in known]
        made = _open_many(fresh, scope=scope, at=at) if fresh else {}
    return [_of(what, known, made) for what in batch]


def _of(
    what: Raise, known: dict[tuple[str, str], Case], made: dict[tuple[str, str], Case]
) -> Opened:
    key = (what.source, what.source_key)
    return opened(known[key], repeated=True) if key in known else opened(made[key])


def _known_of(batch: Sequence[Raise]) -> dict[tuple[str, str], Case]:
    rows = Case.objects.filter(
        source__in={what.source for what in batch},
        source_key__in=[what.source_key for what in batch],
    )
    return {(row.source, row.source_key): row for row in rows}


def _open_many(
    batch: Sequence[Raise], *, scope: Scope, at: datetime
) -> dict[tuple[str, str], Case]:
    areas = {path: registry.get_area(_code(path)) for path in {what.area_path for what in batch}}
    rows: dict[tuple[str, str], Case] = {}
    numbered: dict[str, list[str]] = {}
    for what in batch:
        county = _county(areas[what.area_path])
        if not numbered.get(county):
            numbered[county] = numbers.next_numbers(county, at, len(batch))
        row = _row(what, areas[what.area_path], numbered[county].pop(0), at)
        rows.setdefault((what.source, what.source_key), row)
    cases = Case.objects.bulk_create(rows.values())
    Round.objects.bulk_create(Round(case=case, no=1, opened_at=at) for case in cases)
    _start_clocks(cases, scope=scope, at=at)
    EntryRow.objects.bulk_create(_entry(case, scope, at) for case in cases)
    facts = [(writing.opened_fact(case), scope.origin) for case in cases]
    events.record_many(facts, at=at)
    return rows


def _start_clocks(cases: list[Case], *, scope: Scope, at: datetime) -> None:
    budget = clockwork.budget_for(cases[0], ACCEPT, at)
    subjects = [case_ref(CaseId(case.pk)) for case in cases]
    timers = clocks.start_timers(
        subjects=subjects, name=f"{ACCEPT}.1", budget=budget, at=at, origin=scope.origin
    )
    for case, timer in zip(cases, timers, strict=True):
        clockwork.remember(case, timer)
    Case.objects.bulk_update(cases, ["timer_id", "yellow_at", "orange_at", "due_at", "paused"])


def _entry(case: Case, scope: Scope, at: datetime) -> EntryRow:
    return EntryRow(
        case=case,
        round_no=1,
        move="raise",
        at=at,
        claimed_at=case.claimed_at,
        account_id=scope.origin.account_id,
        person_id=scope.person_id,
        unit_id=scope.unit_id,
        words=case.text,
    )
