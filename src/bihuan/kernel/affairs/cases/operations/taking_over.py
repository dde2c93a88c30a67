"""Taking over the matters of another system, set-wise: a county's go-live.

Each history is replayed by the table of its life (`replaying`), so that figures, lists and pages
show it as any other matter. Its facts say through which door they came (``import``, "taken over")
and are delivered to nobody: no one is told today of what happened then. A clock that still runs
rings from now on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases import numbers
from bihuan.kernel.affairs.cases.facts import HistoriesTakenOver
from bihuan.kernel.affairs.cases.models import Case
from bihuan.kernel.affairs.cases.operations import opening
from bihuan.kernel.affairs.cases.operations.opening import UnableToRaise
from bihuan.kernel.affairs.cases.operations.pasts import Past, Pool
from bihuan.kernel.affairs.cases.operations.replaying import Replay
from bihuan.kernel.affairs.cases.types import (
    MAY_TAKE_OVER,
    CaseId,
    History,
    PartId,
    Taken,
    case_ref,
    part_ref,
)
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Area, Scope
from bihuan.platform import clock as wall_clock
from bihuan.platform.database import bulk
from bihuan.platform.web.errors import NotAllowed, NotFound, Refused


@transaction.atomic
def take_over_cases(
    histories: Sequence[History], *, scope: Scope, at: datetime
) -> tuple[Taken, ...]:
    """Take over what another system kept; say of each history what became of it.

    A history that does not hold is refused by itself, whole; the others are taken. What stands
    already, by its source number, is left as it is.

    Raises:
        NotAllowed: the scope may not take over records.
    """
    if not scope.has(MAY_TAKE_OVER):
        raise NotAllowed("Your post may not take over records.")
    standing = _standing(histories)
    new, refused = _sorted_out(histories, standing, at)
    pool, book = Pool(), clocks.Book()
    pasts: dict[int, Past] = {}
    for n, case in _rows(new).items():
        replay = Replay(case, book=book, pool=pool, scope=scope)
        found = _lived(replay, histories[n])
        if found is None:
            pasts[n] = replay.past
        else:
            refused[n] = found
    _write(list(pasts.values()), book, scope=scope, at=at)
    return tuple(
        refused.get(n) or _taken(history, pasts.get(n), standing)
        for n, history in enumerate(histories)
    )


def _standing(histories: Sequence[History]) -> dict[tuple[str, str], Case]:
    keys = {history.what.source_key for history in histories}
    sources = {history.what.source for history in histories}
    rows = Case.objects.filter(source__in=sources, source_key__in=keys - {""})
    return {(row.source, row.source_key): row for row in rows}


def _sorted_out(
    histories: Sequence[History], standing: dict[tuple[str, str], Case], at: datetime
) -> tuple[dict[int, tuple[History, Area]], dict[int, Taken]]:
    """Return the histories to replay, with their areas, and those that are refused at once."""
    new: dict[int, tuple[History, Area]] = {}
    refused: dict[int, Taken] = {}
    areas = registry.areas_by_code({opening.code_of(h.what.area_path) for h in histories})
    seen = set(standing)
    for n, history in enumerate(histories):
        what = history.what
        if (what.source, what.source_key) in seen:
            continue
        try:
            new[n] = (history, _checked(history, areas, at))
        except (Refused, NotFound) as error:
            refused[n] = Taken(what.source_key, refusal=str(error))
        else:
            seen.add((what.source, what.source_key))
    return new, refused


def _checked(history: History, areas: dict[str, Area], at: datetime) -> Area:
    what = history.what
    opening.check(what)
    if not what.source_key or what.photos:
        raise UnableToRaise("A history has the number of its old system and no photos.")
    last = history.deeds[-1].at if history.deeds else history.received_at
    if last > at:
        raise UnableToRaise("A history lies in the past.", field="at")
    code = opening.code_of(what.area_path)
    return areas.get(code) or registry.get_area(code)


def _rows(new: dict[int, tuple[History, Area]]) -> dict[int, Case]:
    """Return the fresh rows with keys and numbers: one statement for each county and month."""
    wanted: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, (history, area) in new.items():
        month = f"{wall_clock.business_date(history.received_at):%y%m}"
        wanted[opening.county_of(area), month].append(n)
    drawn: dict[int, str] = {}
    for (county, _month), some in wanted.items():
        received = new[some[0]][0].received_at
        drawn |= zip(some, numbers.next_numbers(county, received, len(some)), strict=True)
    rows = {
        n: opening.new_row(history.what, area, drawn[n], history.received_at)
        for n, (history, area) in new.items()
    }
    bulk.give_keys(list(rows.values()))
    return rows


def _lived(replay: Replay, history: History) -> Taken | None:
    """Replay a history; return why it was refused, or None."""
    number = 0
    try:
        for number in replay.live(history):  # noqa: B007  the last one names the step refused
            pass
    except Refused as error:
        return Taken(history.what.source_key, refusal=str(error), deed=number)
    return None


def _write(pasts: list[Past], book: clocks.Book, *, scope: Scope, at: datetime) -> None:
    kept = {case_ref(CaseId(past.case.pk)) for past in pasts}
    kept |= {part_ref(PartId(part.pk)) for past in pasts for part in past.parts}
    book.drop(lambda ref: ref in kept)
    book.write()
    bulk.insert_rows([past.case for past in pasts])
    bulk.insert_rows([row for past in pasts for row in past.rounds])
    bulk.insert_rows([row for past in pasts for row in past.parts])
    bulk.insert_rows([row for past in pasts for row in past.entries])
    bulk.insert_rows([row for past in pasts for row in past.asked])
    bulk.insert_rows([row for past in pasts for row in past.calls])
    fieldwork.take_over_verifications([look for past in pasts for look in past.looks])
    events.record_each([fact for past in pasts for fact in past.facts], deliver=False)
    for source in sorted({past.case.source for past in pasts}):
        count = sum(past.case.source == source for past in pasts)
        fact = HistoriesTakenOver(subject=Ref("cases.source", source), source=source, count=count)
        events.record(fact, origin=scope.origin, at=at)


def _taken(history: History, past: Past | None, standing: dict[tuple[str, str], Case]) -> Taken:
    key = history.what.source_key
    if past is not None:
        return Taken(key, CaseId(past.case.pk), past.case.number)
    row = standing.get((history.what.source, key))
    if row is None:
        return Taken(key, refusal="The number stands twice in what was given.")
    return Taken(key, CaseId(row.pk), row.number, repeated=True)
