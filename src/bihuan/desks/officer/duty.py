"""The duty of the hall: who has it, its log, and how it is handed to the next person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.desks.officer.shell import nav_of, place_of
from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import MAY_SUPERVISE, Detail, MoveName, case_ref
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import (
    MAY_KEEP_LOG,
    MAY_SEE_LOG,
    DutyEntry,
    DutyEntryId,
    EntryKind,
    Gathered,
    Handover,
    HandoverId,
    NewEntry,
    Shift,
)
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import PersonId, Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices import web as notice_web
from bihuan.kernel.tools.notices.types import MAY_WATCH
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.ui.words import day_words, moment_words
from bihuan.platform.web.errors import NotFound, Refused
from bihuan.platform.web.pages import page

SORTS = ("urgent", "overdue", "review", "unassigned", "stuck")
WRITTEN = (EntryKind.CALL, EntryKind.INSTRUCTION, EntryKind.INCIDENT, EntryKind.NOTE)


def kind_words(kind: EntryKind) -> str:
    """Return what a line of the log is, in words."""
    return {
        EntryKind.CALL: _("Telephone call"),
        EntryKind.INSTRUCTION: _("Instruction"),
        EntryKind.INCIDENT: _("Incident"),
        EntryKind.NOTE: _("Remark"),
        EntryKind.CORRECTION: _("Correction"),
        EntryKind.FOLLOW_UP: _("What came of it"),
    }[kind]


def sort_words(sort: str) -> str:
    """Return why something is handed over, in words."""
    return {
        "urgent": _("Urgent"),
        "overdue": _("Overdue"),
        "review": _("A suspension whose review comes"),
        "unassigned": _("With nobody yet"),
        "stuck": _("Messages that do not get through"),
    }[sort]


def waiting_words(scope: Scope) -> str:
    """Return what the two whom a waiting hand-over concerns read above their lists, or nothing."""
    waiting = fieldwork.find_handover(scope=scope)
    if waiting is None:
        return ""
    if waiting.to == scope.person_id:
        return _("A shift is handed to you. Read it and accept it.")
    if waiting.shift.person_id == scope.person_id:
        return _("Your hand-over is not accepted yet: you still have the duty.")
    return ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log."""

    id: int
    kind: str
    when: str
    words: str
    detail: str
    who: str
    unit: str
    of: str
    href: str
    number: str
    corrected: bool
    may_supervise: bool


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One thing that is open."""

    href: str
    number: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Sort:
    """What is open for one reason."""

    title: str
    lines: tuple[OpenLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to whom one may hand over."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hand-over that waits to be accepted."""

    id: int
    by: str
    to: str
    when: str
    notes: str
    sorts: tuple[Sort, ...]
    is_mine: bool
    """It waits for the reader."""
    is_own: bool
    """The reader offered it."""


@dataclass(frozen=True, slots=True)
class DutyPage:
    """The duty as it stands, for who keeps it and for who reads the log."""

    keeps: bool
    on_duty: str
    since: str
    is_own: bool
    waiting: Waiting | None
    kinds: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    sorts: tuple[Sort, ...]
    next: tuple[Choice, ...]
    day: str
    before: str
    after: str
    typed: dict[str, str]
    fault: str
    nav: tuple[values.NavLink, ...]
    who: str
    place: str


@step(power=MAY_SEE_LOG, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show who has the duty, the log of a day, and what is open."""
    return _page(request, _day_of(request))


def _day_of(request: StepRequest) -> date:
    today = clock.business_date(request.at)
    try:
        return min(today, date.fromisoformat(request.GET.get("day", "")))
    except ValueError:
        return today


def _page(request: StepRequest, day: date, *, fault: str = "", status: int = 200) -> HttpResponse:
    scope, today = request.scope, clock.business_date(request.at)
    keeps = scope.has(MAY_KEEP_LOG) and scope.unit_id is not None
    shift = fieldwork.find_shift(scope=scope) if keeps else None
    own = shift is not None and shift.person_id == scope.person_id
    waiting = fieldwork.find_handover(scope=scope)
    log = fieldwork.duty_log(scope=scope, day=day)
    names = _names(shift, waiting, log)
    gathered = gather(scope, request.at) if own and waiting is None else ()
    posted = request.POST if status != 200 else {}
    shown = DutyPage(
        keeps=keeps,
        on_duty=names[shift.person_id] if shift else "",
        since=moment_words(shift.began_at, request.at) if shift else "",
        is_own=own,
        waiting=_waiting(waiting, names, request) if waiting else None,
        kinds=tuple((kind.value, kind_words(kind)) for kind in WRITTEN),
        lines=tuple(_line(entry, log, names, request, own=own) for entry in log),
        sorts=_sorts(gathered, request.at),
        next=_next(request) if own and waiting is None else (),
        day=day_words(day, weekday=True),
        before=f"?day={day - timedelta(days=1)}",
        after=f"?day={day + timedelta(days=1)}" if day < today else "",
        typed={name: str(posted.get(name, "")) for name in ("kind", "words", "detail", "notes")},
        fault=fault,
        nav=nav_of(scope, "duty"),
        who=who_of(request),
        place=place_of(scope),
    )
    return page(request, "officer/duty.html", shown, status=status)


def _names(
    shift: Shift | None, waiting: Handover | None, log: tuple[DutyEntry, ...]
) -> dict[PersonId, str]:
    people = {entry.by for entry in log}
    people |= {shift.person_id} if shift else set()
    people |= {waiting.to, waiting.shift.person_id} if waiting else set()
    return {key: card.name for key, card in registry.person_cards(people).items()}


def _line(
    entry: DutyEntry,
    log: tuple[DutyEntry, ...],
    names: dict[PersonId, str],
    request: StepRequest,
    *,
    own: bool,
) -> Line:
    earlier = next((one for one in log if one.id == entry.of), None)
    done = any(one.of == entry.id and one.kind is EntryKind.FOLLOW_UP for one in log)
    can = own and entry.kind is EntryKind.INSTRUCTION and request.scope.has(MAY_SUPERVISE)
    return Line(
        id=entry.id,
        kind=kind_words(entry.kind),
        when=moment_words(entry.at, request.at),
        words=entry.words,
        detail=entry.detail,
        who=names.get(entry.by, ""),
        unit=entry.unit_name,
        of=earlier.words if earlier else "",
        href=reverse("officer:matter", args=[int(entry.about.key)]) if entry.about else "",
        number=entry.about_number,
        corrected=entry.corrected,
        may_supervise=can and not done,
    )


def _waiting(waiting: Handover, names: dict[PersonId, str], request: StepRequest) -> Waiting:
    me = request.scope.person_id
    return Waiting(
        id=waiting.id,
        by=names[waiting.shift.person_id],
        to=names[waiting.to],
        when=moment_words(waiting.offered_at, request.at),
        notes=waiting.notes,
        sorts=_sorts(waiting.gathered, request.at),
        is_mine=waiting.to == me,
        is_own=waiting.shift.person_id == me,
    )


def _next(request: StepRequest) -> tuple[Choice, ...]:
    found = fieldwork.list_next(scope=request.scope, at=request.at)
    return tuple(
        Choice(str(one.person.id), f"{one.person.name} · {_duty_words(one.post.duty)}")
        for one in found
    )


def _duty_words(code: Any) -> str:
    duty = registry.find_duty(code)
    return _(duty.title) if duty else ""


# -- what is open ---------------------------------------------------------------------------------


def gather(scope: Scope, at: datetime) -> tuple[Gathered, ...]:
    """Return what the records know to be open and urgent, for the next shift."""
    found = [
        Gathered(one.why, str(one.case_id), one.number, one.title, one.where, one.due_at)
        for one in cases.list_pending(scope=scope, at=at)
    ]
    if scope.has(MAY_WATCH):
        rows = notices.list_stuck(scope=scope)
        lines = notice_web.stuck_of(rows, now=at)
        found += [
            Gathered("stuck", line.id, line.number, line.what, line.why) for line in lines[:30]
        ]
    return tuple(found)


def _sorts(gathered: tuple[Gathered, ...], at: datetime) -> tuple[Sort, ...]:
    return tuple(
        Sort(
            sort_words(sort),
            tuple(_open_line(one, at) for one in gathered if one.why == sort),
        )
        for sort in SORTS
        if any(one.why == sort for one in gathered)
    )


def _open_line(one: Gathered, at: datetime) -> OpenLine:
    due = _("due %(when)s") % {"when": moment_words(one.due_at, at)} if one.due_at else ""
    stuck = one.why == "stuck"
    return OpenLine(
        href=reverse("officer:stuck") if stuck else reverse("officer:matter", args=[int(one.key)]),
        number=one.number,
        title=one.title,
        note=" · ".join(word for word in (one.where, due) if word),
    )


# -- acts -----------------------------------------------------------------------------------------


@step(power=MAY_KEEP_LOG, methods=("POST",))
def act(request: StepRequest, act: str) -> HttpResponse:
    """Take the duty, write a line, correct one, supervise by an instruction, hand over."""
    acts: dict[str, tuple[Callable[[StepRequest, Scope], None], str]] = {
        "take": (_take, _("You have the duty now.")),
        "write": (_write, _("Written down.")),
        "correct": (_correct, _("Written down.")),
        "supervise": (_supervise, _("The matter is supervised now.")),
        "offer": (_offer, _("Offered. You have the duty until it is accepted.")),
        "accept": (_accept, _("You have the duty now.")),
        "withdraw": (_withdraw, _("Taken back.")),
    }
    if act not in acts:
        raise NotFound("There is no such step.")
    effect, told = acts[act]

    def perform(scope: Scope) -> dict[str, Any]:
        effect(request, scope)
        return {}

    try:
        perform_form(request, name=f"fieldwork.duty_{act}", effect=perform)
    except Refused as refused:
        today = clock.business_date(request.at)
        return _page(request, today, fault=refused.spoken(), status=refused.status)
    messages.success(request, told)
    return HttpResponseRedirect(reverse("officer:duty"), status=303)


def _take(request: StepRequest, scope: Scope) -> None:
    fieldwork.take_shift(request.POST.get("reason", ""), scope=scope, at=request.at)


def _write(request: StepRequest, scope: Scope) -> None:
    kind = request.POST.get("kind", "")
    new = NewEntry(
        EntryKind(kind) if kind in WRITTEN else EntryKind.NOTE,
        request.POST.get("words", ""),
        request.POST.get("detail", ""),
    )
    fieldwork.write_entry(new, scope=scope, at=request.at)


def _correct(request: StepRequest, scope: Scope) -> None:
    new = NewEntry(EntryKind.CORRECTION, request.POST.get("words", ""), of=_entry(request))
    fieldwork.write_entry(new, scope=scope, at=request.at)


def _entry(request: StepRequest) -> DutyEntryId:
    given = request.POST.get("of", "")
    return DutyEntryId(int(given) if given.isdecimal() and len(given) < 18 else 0)


def _supervise(request: StepRequest, scope: Scope) -> None:
    """Turn an instruction into the supervision of a matter, by the move that matters have."""
    number, words = request.POST.get("number", ""), request.POST.get("words", "")
    case_id = cases.find_by_number(number, scope=scope)
    if case_id is None:
        raise NotFound("There is no matter with this number in your care.")
    detail = Detail(words=words)
    cases.move_case(case_id, move=MoveName("supervise"), scope=scope, at=request.at, detail=detail)
    new = NewEntry(
        EntryKind.FOLLOW_UP,
        _("Supervised by this instruction"),
        of=_entry(request),
        about=case_ref(case_id),
        about_number=number.strip().upper(),
    )
    fieldwork.write_entry(new, scope=scope, at=request.at)


def _offer(request: StepRequest, scope: Scope) -> None:
    to = request.POST.get("to", "")
    try:
        person = PersonId(UUID(to))
    except ValueError:
        raise Refused("Choose who takes the duty next.", field="to") from None
    gathered = gather(scope, request.at)
    notes = request.POST.get("notes", "")
    fieldwork.offer_handover(person, notes, gathered, scope=scope, at=request.at)


def _accept(request: StepRequest, scope: Scope) -> None:
    fieldwork.accept_handover(_handover(request), scope=scope, at=request.at)


def _withdraw(request: StepRequest, scope: Scope) -> None:
    fieldwork.withdraw_handover(_handover(request), scope=scope, at=request.at)


def _handover(request: StepRequest) -> HandoverId:
    given = request.POST.get("handover", "")
    return HandoverId(int(given) if given.isdecimal() and len(given) < 18 else 0)
