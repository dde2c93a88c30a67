"""The library of items: what may be inspected, and the Excel file that takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.registry.web import who_of
from bihuan.kernel.stage.api import StepRequest, perform_form, step
from bihuan.platform.ui import values
from bihuan.platform.web.errors import Refused
from bihuan.platform.web.pages import page
from bihuan.scenes.joint_inspection import library
from bihuan.scenes.joint_inspection.steps.common import nav_of
from bihuan.scenes.joint_inspection.types import MAY_KEEP_LIBRARY, MAY_SEE, Item
from bihuan.scenes.joint_inspection.words import line_words, mend_words

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one department."""

    line: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """The edition in force by department; on looking at a file, what it would bring."""

    edition: int
    name: str
    is_sample: bool
    count: int
    groups: tuple[Group, ...]
    may_keep: bool
    fault: str
    preview: tuple[str, ...]
    wrong: tuple[values.RowError, ...]
    may_confirm: bool
    nav: tuple[values.NavLink, ...]
    who: str


@step(power=MAY_SEE)
def show(request: StepRequest) -> HttpResponse:
    """Show the items; look at a file; keep it when it is confirmed and nothing is wrong."""
    if request.method != "POST":
        return _page(request)
    if not request.scope.has(MAY_KEEP_LIBRARY):
        return _page(request, fault=_("Your post does not keep the library of items."), status=403)
    given = request.FILES.get("file")
    try:
        if given is None or (given.size or 0) > library.LARGEST:
            raise library.UnableToKeepLibrary("Choose a workbook of at most 4 MB.", field="file")
        read = library.read_workbook(given.read())
        if read.wrong or "confirm" not in request.POST:
            return _page(request, read=read, status=422 if read.wrong else 200)
        perform_form(
            request,
            name="joint_inspection.library",
            effect=lambda scope: _keep(read, given.name, request, scope),
        )
    except Refused as refused:
        return _page(request, fault=refused.spoken(), status=refused.status)
    messages.success(request, _("Kept as the next edition. Visits planned from now on use it."))
    return HttpResponseRedirect(reverse("joint_inspection:library"), status=303)


def _keep(
    read: library.Read, name: str | None, request: StepRequest, scope: Scope
) -> dict[str, Any]:
    kept = library.keep_library(
        read.items, name=name or "", is_sample=False, scope=scope, at=request.at
    )
    return {"edition": kept.edition}


@step(power=MAY_SEE, methods=("GET",))
def template(request: StepRequest) -> HttpResponse:
    """Hand out the present edition as the workbook to be changed."""
    found = library.find_library()
    answer = HttpResponse(
        library.workbook(found.items if found else library.sample()[1]), content_type=WORKBOOK
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="items.xlsx"'
    return answer


def _page(
    request: StepRequest,
    *,
    fault: str = "",
    read: library.Read | None = None,
    status: int = 200,
) -> HttpResponse:
    found = library.find_library()
    name, sample_items = library.sample()
    items = found.items if found else sample_items
    lines = dict.fromkeys(item.line for item in items)
    shown = LibraryPage(
        edition=found.edition if found else 0,
        name=found.name if found else name,
        is_sample=found.is_sample if found else True,
        count=len(items),
        groups=tuple(
            Group(line_words(line), tuple(i for i in items if i.line == line)) for line in lines
        ),
        may_keep=request.scope.has(MAY_KEEP_LIBRARY),
        fault=fault,
        preview=_changes(items, read.items) if read else (),
        wrong=tuple(
            values.RowError(w.row, w.column, w.written, mend_words(w.code))
            for w in (read.wrong[:SHOWN] if read else ())
        ),
        may_confirm=bool(read and not read.wrong),
        nav=nav_of(request, "library"),
        who=who_of(request),
    )
    return page(request, "joint_inspection/items.html", shown, status=status)


def _changes(old: tuple[Item, ...], new: tuple[Item, ...]) -> tuple[str, ...]:
    """Return in words what a file would change: new, gone, changed, hidden."""
    before, after = {i.code: i for i in old}, {i.code: i for i in new}
    counts = (
        (_("new"), len(after.keys() - before.keys())),
        (_("gone"), len(before.keys() - after.keys())),
        (_("changed"), sum(before[c] != after[c] for c in before.keys() & after.keys())),
        (_("not published, so hidden"), sum(not i.published for i in new)),
    )
    return tuple(f"{words} {count}" for words, count in counts)
