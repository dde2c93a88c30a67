"""Taking in a file: template, upload, preview, confirmation, progress, result and errors."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.kernel.affairs.cases.types import MAY_ACCEPT
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.ui.words import moment_words
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.appeals.importing import files, running, sheets, words
from bihuan.scenes.appeals.importing.types import (
    SOURCES,
    Fault,
    Field,
    ImportId,
    Options,
    RowFault,
    Run,
)

MOST_ROWS = 20_000
STILL_FOR = timedelta(seconds=60)
"""A running import that did not move for so long has stopped."""
SHOWN_FAULTS = 50
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """A file and where it comes from."""

    file = forms.FileField(
        label=gettext_lazy("File (XLSX or CSV)"),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    source = forms.ChoiceField(choices=[(s, s) for s in SOURCES], initial="hotline")


@dataclass(frozen=True, slots=True)
class Line:
    """One earlier import."""

    href: str
    name: str
    source: str
    when: str
    state: str
    counts: str


@dataclass(frozen=True, slots=True)
class UploadPage:
    """The form, what is wrong, and earlier imports."""

    fault: str
    source: str
    sources: tuple[tuple[str, str], ...]
    area: str
    lines: tuple[Line, ...]
    nav: tuple[values.NavLink, ...]
    who: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """One import as it stands."""

    run: Run
    state: str
    source: str
    encoding: str
    progress: values.Progress
    preview: dict[str, Any]
    used: tuple[tuple[str, str], ...]
    faults: tuple[values.RowError, ...]
    refused: int
    repeated: str
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_ACCEPT)
def upload(request: StepRequest) -> HttpResponse:
    """Take a file, look at it, and show what would happen. Nothing is written before the yes."""
    if request.method != "POST":
        return _upload_page(request, "")
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, str(next(iter(form.errors.values()))[0]), status=422)
    try:
        answer = perform_form(
            request, name="appeals.import", effect=lambda scope: _look(request, form, scope)
        ).answer
    except Refused as refused:
        return _upload_page(request, refused.spoken(), status=refused.status)
    return HttpResponseRedirect(reverse("appeals:import", args=[answer["import"]]), status=303)


def _look(request: StepRequest, form: UploadForm, scope: Scope) -> dict[str, Any]:
    given = form.cleaned_data["file"]
    path = files.keep(given)
    options = Options(source=form.cleaned_data["source"], area=_area_code(scope))
    file = running.open_file(path, options, name=given.name)
    if file.whole > MOST_ROWS:
        raise Refused(
            "This file has %(rows)s rows; a page takes 20,000. Split it, or let the "
            "administrator take it in (bihuan appeals import).",
            rows=f"{file.whole:,}",
        )
    run = running.begin(file, name=given.name, scope=scope, at=request.at)
    if run.state == "checked":
        running.keep_preview(run.id, running.look(file, scope=scope, at=request.at))
    return {"import": run.id}


def _area_code(scope: Scope) -> str:
    path = scope.area_paths[0] if scope.area_paths else ""
    return path.strip("/").rsplit("/", 1)[-1]


@step(power=MAY_ACCEPT, methods=("GET",))
def show(request: StepRequest, import_id: int) -> HttpResponse:
    """Show an import: what would happen, how far it is, or what came of it."""
    run = _own(request, import_id)
    return page(request, "appeals/import_run.html", _run_page(request, run))


@step(power=MAY_ACCEPT, methods=("POST",))
def confirm(request: StepRequest, import_id: int) -> HttpResponse:
    """Let it begin, or go on where it stopped."""
    run = _own(request, import_id)

    def effect(_scope: Scope) -> dict[str, Any]:
        running.start(run.id, at=request.at)
        return {"import": run.id}

    perform_form(request, name="appeals.import_confirm", effect=effect)
    return HttpResponseRedirect(reverse("appeals:import", args=[import_id]), status=303)


@step(power=MAY_ACCEPT, methods=("GET",))
def errors(request: StepRequest, import_id: int) -> HttpResponse:
    """Hand out the wrong cells as a file."""
    run = _own(request, import_id)
    out = io.StringIO()
    sheets.write_errors(words.row_errors(_faults(run)), out)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{run.id}-errors.csv"'
    return answer


@step(power=MAY_ACCEPT, methods=("GET",))
def template(request: StepRequest) -> HttpResponse:
    """Hand out the workbook that people fill in."""
    answer = HttpResponse(sheets.template_workbook(), content_type=WORKBOOK)
    answer.headers["Content-Disposition"] = 'attachment; filename="appeals-template.xlsx"'
    return answer


# -- what is shown --------------------------------------------------------------------------------


def _own(request: StepRequest, import_id: int) -> Run:
    return running.get(ImportId(import_id), account_id=request.scope.origin.account_id or 0)


def _faults(run: Run) -> tuple[RowFault, ...]:
    if run.state != "checked":
        return running.list_faults(run.id)
    return tuple(
        RowFault(**{**kept, "fault": Fault(kept["fault"])}) for kept in run.preview["faults"]
    )


def _upload_page(request: StepRequest, fault: str, *, status: int = 200) -> HttpResponse:
    area = registry.find_area(_area_code(request.scope))
    runs = running.list_own(request.scope.origin.account_id or 0)
    shown = UploadPage(
        fault=fault,
        source=request.POST.get("source", "hotline"),
        sources=tuple((source, words.source_words(source)) for source in SOURCES),
        area=area.name if area else "",
        lines=tuple(_line(run, request.at) for run in runs),
        nav=_nav(),
        who=who_of(request),
    )
    return page(request, "appeals/import.html", shown, status=status)


def _nav() -> tuple[values.NavLink, ...]:
    return (
        values.NavLink(reverse("officer:worklist"), "inbox", _("Worklist")),
        values.NavLink(reverse("appeals:imports"), "plus", _("Take in a file"), current=True),
    )


def _state(run: Run, at: datetime) -> str:
    """Return where an import stands: one that no longer moves has stopped."""
    if run.state == "running" and at - run.moved_at > STILL_FOR:
        return "stopped"
    return run.state


def _line(run: Run, at: datetime) -> Line:
    state = {
        "checked": _("to be confirmed"),
        "running": _("running"),
        "stopped": _("stopped"),
        "done": _("done"),
        "broken": _("stopped"),
    }[_state(run, at)]
    return Line(
        href=reverse("appeals:import", args=[run.id]),
        name=run.name,
        source=words.source_words(run.source),
        when=moment_words(run.began_at, at),
        state=state,
        counts=_counts(run),
    )


def _counts(run: Run) -> str:
    return _("%(made)s new, %(unchanged)s unchanged, %(refused)s refused") % {
        "made": run.counts.made,
        "unchanged": run.counts.unchanged,
        "refused": run.counts.refused,
    }


def _run_page(request: StepRequest, run: Run) -> RunPage:
    at, state = request.at, _state(run, request.at)
    faults = _faults(run)
    repeated = ""
    if state == "done" and run.ended_at and at - run.ended_at > timedelta(minutes=10):
        day = f"{run.began_at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"
        repeated = _("The same file as on %(day)s. Nothing new in it.") % {"day": day}
    return RunPage(
        run=run,
        state=state,
        source=words.source_words(run.source),
        encoding=words.encoding_words(run.encoding),
        progress=_progress(run, state, at),
        preview=dict(run.preview),
        used=tuple(
            (header, words.field_words(Field(name))) for name, header in run.preview.get("used", ())
        ),
        faults=words.row_errors(faults[:SHOWN_FAULTS]),
        refused=run.counts.refused or int(run.preview.get("refused", 0)),
        repeated=repeated,
        nav=_nav(),
        who=who_of(request),
    )


def _progress(run: Run, state: str, at: datetime) -> values.Progress:
    left = ""
    if state == "running" and run.started_at and run.counts.done:
        passed = (at - run.started_at).total_seconds()
        seconds = round(passed * (run.whole - run.counts.done) / run.counts.done)
        left = _("some %(n)s s left") % {"n": max(1, seconds)}
    stopped = ""
    if state in {"stopped", "broken"}:
        stopped = run.trouble or _("It stopped behind row %(n)s.") % {"n": run.counts.done}
    if state == "done":
        stopped = _counts(run)
    return values.Progress(_("Taking in"), run.counts.done, run.whole, left, stopped)
