"""A rung of a deadline becomes a message to the right people; safe to run twice.

Nothing is written into the matter's history: reminders are no steps. What does stand there is the
mark of supervision that the last level sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases.models import ENDED, Case, Part
from bihuan.kernel.affairs.cases.operations.following import follow_clock
from bihuan.kernel.affairs.cases.operations.moving import move_case
from bihuan.kernel.affairs.cases.operations.permitting import UnableToMove
from bihuan.kernel.affairs.cases.queries.ladder import get_ladder
from bihuan.kernel.affairs.cases.queries.recipients import centres, is_held, recipients
from bihuan.kernel.affairs.cases.types import (
    MAY_INSTRUCT,
    MAY_SUPERVISE,
    PART,
    CaseId,
    Detail,
    MoveName,
    State,
    case_ref,
)
from bihuan.kernel.affairs.cases.types.ladder import Ladder, Level, Told
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.events.types import RecordedFact, Ref, to_ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import (
    DUTY_OFFICER,
    SYSTEM_ADMIN,
    UnitId,
    person_ref,
    unit_ref,
)
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import FIRM, MAY_SEND, PERSON, UNIT, News, NoticeCode


class UnableToReachAnybody(RuntimeError):
    """Nobody is left to tell: the delivery is tried again, and shown to people in the end."""


def rung_reached(fact: RecordedFact) -> None:
    """Tell whom the ladder names; whoever is missing is replaced by the one above."""
    case, part = _of(fact.subject)
    row = part or case
    if case is None or row is None or not _stands(fact, case, row):
        return
    ladder = get_ladder(at=fact.at, county=case.area_path[5:11] or None)
    levels = _levels(fact, ladder)
    unit_id = part.unit_id if part else None
    told = _whom(fact, ladder, levels)
    unheld = not is_held(unit_id, at=fact.at)
    if unheld:
        told.append(Told.DUTY)
    to = _refs(told, unit_id, case, fact.at)
    if not to:
        raise UnableToReachAnybody(f"nobody is left to hear of matter {case.number}")
    listed = any(level.supervise for level in levels) and _supervise(case, fact)
    params = _params(fact, case, unit_id) | {"unheld": unheld, "supervised": listed}
    for ref in to:
        side = "unit" if ref.kind == UNIT else "watch"
        _tell(fact, f"{side}.{_rung(fact)}", ref, case, params)


def _of(subject: Ref) -> tuple[Case | None, Part | None]:
    if subject.kind == PART:
        part = Part.objects.select_related("case").filter(pk=int(subject.key)).first()
        return (part.case if part else None), part
    return Case.objects.filter(pk=int(subject.key)).first(), None


def _stands(fact: RecordedFact, case: Case, row: Case | Part) -> bool:
    """Return whether the rung still says something: the same clock runs, to the same date."""
    if not fact.payload["latest"] or case.state in {*ENDED, State.SUSPENDED}:
        return False
    due_at = datetime.fromisoformat(fact.payload["due_at"])
    if row.timer_id != fact.payload["timer_id"] or row.paused:
        return False
    timer = clocks.get_timer(TimerId(fact.payload["timer_id"]))
    return timer.stopped_at is None and timer.due.at == due_at


def _levels(fact: RecordedFact, ladder: Ladder) -> tuple[Level, ...]:
    """Return the levels that this rung reaches, with those that an outage left out."""
    if _rung(fact) not in {"due", "overdue"}:
        return ()
    timer_id = TimerId(fact.payload["timer_id"])
    due_at = datetime.fromisoformat(fact.payload["due_at"])
    before = clocks.count_overdue_said(timer_id, due_at=due_at, before=fact.at)
    return ladder.reached(fact.payload["overdue_days"], before)


def _rung(fact: RecordedFact) -> str:
    return str(fact.payload["rung"]).partition("_")[0]


def _whom(fact: RecordedFact, ladder: Ladder, levels: Iterable[Level]) -> list[Told]:
    rung = _rung(fact)
    told = list(ladder.before.get(rung, (Told.HOLDER,)))
    if rung == "overdue":
        told += ladder.level_at(fact.payload["overdue_days"]).tells
    for level in levels:
        told += level.tells
    return told


def _refs(told: Iterable[Told], unit_id: int | None, case: Case, at: datetime) -> list[Ref]:
    """Return everybody once. A matter that no unit has yet is held by the centre."""
    found: dict[Ref, None] = {}
    for who in told:
        if who is Told.HOLDER and unit_id is None:
            refs = centres(case.area_path, at=at)
        else:
            refs = recipients(who, unit_id=unit_id, area_path=case.area_path, at=at)
        found |= dict.fromkeys(refs)
    return list(found)


def _params(fact: RecordedFact, case: Case, unit_id: int | None) -> dict[str, Any]:
    unit = registry.find_unit(UnitId(unit_id)) if unit_id is not None else None
    with translation.override(settings.LANGUAGE_CODE):
        nobody = _("with the centre")
    return {
        "number": case.number,
        "holder": unit.name if unit else nobody,
        "due_at": fact.payload["due_at"],
        "days": fact.payload["overdue_days"],
    }


def _supervise(case: Case, fact: RecordedFact) -> bool:
    """Set the mark of supervision, unless it stands or the matter went on meanwhile."""
    if case.supervised:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        words = _("Overdue by %(days)s working days: listed for supervision by rule.") % {
            "days": fact.payload["overdue_days"]
        }
    scope = registry.system_scope("cases.ladder", (MAY_SUPERVISE, MAY_INSTRUCT))
    try:
        move_case(
            CaseId(case.pk),
            move=MoveName("supervise"),
            detail=Detail(words=words),
            scope=scope,
            at=fact.at,
        )
    except UnableToMove:
        return False
    return True


# -- the calendar ---------------------------------------------------------------------------------


def due_moved(fact: RecordedFact) -> None:
    """Take over a date that the calendar moved, and tell who waits and who works on it."""
    case, part = _of(fact.subject)
    if case is None or not follow_clock(TimerId(fact.payload["timer_id"]), case, part):
        return
    params = {
        "number": case.number,
        "was_at": fact.payload["was_at"],
        "due_at": fact.payload["due_at"],
        "why": fact.payload.get("why", ""),
    }
    what = "limit_moved" if params["why"] else "date_moved"
    if part is not None and is_held(part.unit_id, at=fact.at):
        _tell(fact, f"unit.{what}", unit_ref(UnitId(part.unit_id)), case, params)
    raiser = to_ref(f"{case.raised_by_kind}:{case.raised_by_key}")
    leads = part is None or part.role == "lead"
    if leads and raiser.key and raiser.kind in {PERSON, FIRM}:
        _tell(fact, what, raiser, case, params)


def handed_on(fact: RecordedFact) -> None:
    """Tell the unit that goes on, and the one above the unit that ended, of each part."""
    given = fact.payload
    case = Case.objects.get(pk=int(fact.subject.key))
    units = registry.units_by_id([UnitId(given["from_unit"]), UnitId(given["to_unit"])])
    params = {
        "number": given["number"],
        "from": units[UnitId(given["from_unit"])].name,
        "to": units[UnitId(given["to_unit"])].name,
        "due_at": given["due_at"],
    }
    for unit in (given["to_unit"], given["from_unit"]):
        _tell(fact, "unit.handed_on", unit_ref(UnitId(unit)), case, params)


def notice_missing(fact: RecordedFact) -> None:
    """Tell every administrator and duty officer that a year's holidays are not entered."""
    people: dict[Ref, None] = {}
    for duty in (SYSTEM_ADMIN, DUTY_OFFICER):
        for holder in registry.list_holders(at=fact.at, duty=duty):
            people[person_ref(holder.person.id)] = None
    if not people:
        raise UnableToReachAnybody("no administrator and no duty officer hears of the calendar")
    for ref in people:
        _send(fact, "calendar_missing", ref, fact.subject, {"year": fact.payload["year"]}, "")


def _tell(fact: RecordedFact, code: str, to: Ref, case: Case, params: dict[str, Any]) -> None:
    _send(fact, code, to, case_ref(CaseId(case.pk)), params, case.area_path)


def _send(
    fact: RecordedFact, code: str, to: Ref, about: Ref, params: dict[str, Any], area_path: str
) -> None:
    news = News(
        kind=NoticeCode(f"cases.{code}"),
        cause=fact.id,
        subject=about,
        params={name: value for name, value in params.items() if value},
        area_path=area_path,
    )
    scope = registry.system_scope("cases.ladder", (MAY_SEND,))
    notices.send_notice(news, to=to, scope=scope, at=fact.at)


__all__ = ["due_moved", "handed_on", "notice_missing", "rung_reached"]
