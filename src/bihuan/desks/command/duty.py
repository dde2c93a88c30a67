"""The duty log of a day on the wall: what the halls wrote, without what is for the log alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types import MAY_SEE_LOG, DutyEntry, EntryKind
from bihuan.kernel.stage.api import StepRequest, step
from bihuan.platform import clock
from bihuan.platform.ui.words import clock_words, day_words
from bihuan.platform.web.pages import page


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log; nobody is named."""

    time: str
    kind: str
    words: str
    unit: str
    about: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class DutyPage:
    """The log of a day."""

    day: str
    lines: tuple[Line, ...]
    before: str
    after: str
    fault: str


@step(power=MAY_SEE_LOG, methods=("GET",))
def show(request: StepRequest) -> HttpResponse:
    """Show the log of a day, of today by default."""
    today = clock.business_date(request.at)
    day, fault = today, ""
    text = request.GET.get("day", "")
    if text:
        try:
            day = min(date.fromisoformat(text), today)
        except ValueError:
            fault = _("Write the day like 2026-06-24. Today is shown.")
    entries = fieldwork.duty_log(scope=request.scope, day=day)
    shown = DutyPage(
        day=day_words(day, weekday=True),
        lines=tuple(_line(entry) for entry in entries),
        before=_address(day - timedelta(days=1)),
        after=_address(day + timedelta(days=1)) if day < today else "",
        fault=fault,
    )
    return page(request, "command/duty.html", shown, status=422 if fault else 200)


def _address(day: date) -> str:
    return f"{reverse('command:duty')}?day={day.isoformat()}"


def _kind(kind: EntryKind) -> str:
    return {
        EntryKind.CALL: _("Call"),
        EntryKind.INSTRUCTION: _("Instruction"),
        EntryKind.INCIDENT: _("Incident"),
        EntryKind.NOTE: _("Note"),
        EntryKind.CORRECTION: _("Correction"),
        EntryKind.FOLLOW_UP: _("What came of it"),
    }[kind]


def _line(entry: DutyEntry) -> Line:
    return Line(
        time=clock_words(entry.at),
        kind=_kind(entry.kind),
        words=entry.words,
        unit=entry.unit_name,
        about=entry.about_number,
        corrected=entry.corrected,
    )
