"""The case file (案卷) for officers: what was asked, who did what by when and why, with photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from bihuan.kernel.affairs.cases.types import MAY_PRINT_FILES, CaseView, Role, case_ref
from bihuan.kernel.affairs.cases.web import fragments, words
from bihuan.kernel.affairs.cases.web.papers import common
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks import web as clock_words
from bihuan.kernel.ground.clocks.types import TimerId
from bihuan.kernel.ground.privacy import api as privacy
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import (
    Block,
    Content,
    Facts,
    NewPaper,
    PaperKind,
    Pictures,
    Printed,
    Table,
    Words,
)
from bihuan.platform.web.errors import NotAllowed

CASE_FILE, CLEAR_FILE = "cases.file", "cases.file_clear"
FILE_KINDS = (
    PaperKind(CASE_FILE, gettext_noop("Case file"), "F", MAY_PRINT_FILES),
    PaperKind(CLEAR_FILE, gettext_noop("Case file, not masked"), "C", MAY_PRINT_FILES),
)


@dataclass(frozen=True, slots=True)
class Clear:
    """Clear values that `privacy` has shown for this one print, after its line in the log."""

    name: str
    phone: str
    reason: str


def issue_file(
    view: CaseView,
    *,
    came_by: str,
    root: str,
    scope: Scope,
    at: datetime,
    clear: Clear | None = None,
) -> Printed:
    """Issue the case file as the matter stands; with `clear` it is printed once and not kept.

    `came_by` says in words how the matter came: what systems outside are called, the desk knows.

    Raises:
        NotAllowed: the post prints no case files.
    """
    if not scope.has(MAY_PRINT_FILES):
        raise NotAllowed("Your post does not print case files.")
    with translation.override(settings.LANGUAGE_CODE):
        unit = registry.find_unit(scope.unit_id) if scope.unit_id else None
        name = unit.name if unit else _("County social governance centre")
        masked = _content(view, came_by, name, None)
        shown = _content(view, came_by, name, clear) if clear else None
    what = NewPaper(
        kind=CLEAR_FILE if clear else CASE_FILE,
        subject=case_ref(view.id),
        subject_number=view.number,
        content=masked,
        root=root,
        unit_id=scope.unit_id,
        clear=shown,
    )
    return documents.issue(what, scope=scope, at=at)


def _content(view: CaseView, came_by: str, unit: str, clear: Clear | None) -> Content:
    hide: Callable[[str], str] = str if clear else privacy.mask_numbers
    blocks: list[Block] = [
        Facts(_facts(view, came_by, clear)),
        Words(
            tuple(map(hide, common.paragraphs(view.text or view.title))),
            pgettext("paper", "What was said"),
        ),
    ]
    if view.parts:
        blocks.append(_parts(view, hide))
    blocks.append(_deadlines(view))
    if view.answer:
        blocks.append(
            Words(tuple(map(hide, common.paragraphs(view.answer))), pgettext("paper", "The answer"))
        )
    blocks.append(_history(view, hide))
    blocks += _photos(view)
    masked = _("Names, telephones and numbers are masked. Whole values need a purpose and a look.")
    told = _("Whole values were shown for: %(reason)s. The look is in the record.")
    return Content(
        unit=unit,
        title=_("Case file"),
        blocks=tuple(blocks),
        foot=told % {"reason": clear.reason} if clear else masked,
    )


def _facts(view: CaseView, came_by: str, clear: Clear | None) -> tuple[tuple[str, str], ...]:
    raiser = clear.name if clear else common.raiser_name(view)
    rows = [
        (pgettext("paper", "Number"), view.number),
        (pgettext("paper", "Matter"), view.title if clear else privacy.mask_numbers(view.title)),
        (
            pgettext("paper", "Kind of matter"),
            f"{words.kind_words(view.kind)} · {_(view.class_title)}",
        ),
        (pgettext("paper", "State"), words.state_words(view.state)),
        (pgettext("paper", "Place"), common.place_of(view)),
        (pgettext("paper", "Came by"), came_by),
        (pgettext("paper", "Received"), common.moment(view.raised_at)),
        (pgettext("paper", "Raised by"), raiser or pgettext("paper", "no name given")),
        (pgettext("paper", "Phone number"), clear.phone if clear else ""),
        (pgettext("paper", "Closed"), common.moment(view.closed_at) if view.closed_at else ""),
        (pgettext("paper", "Verdict"), str(words.RATINGS.get(view.rating, ""))),
        (pgettext("paper", "Filed when"), view.terms.file_when),
        (pgettext("paper", "Closed when"), view.terms.close_when),
    ]
    return tuple((label, value) for label, value in rows if value)


def _parts(view: CaseView, hide: Callable[[str], str]) -> Table:
    rows = []
    for part in view.parts:
        role = (
            pgettext("paper", "Lead") if part.role is Role.LEAD else pgettext("paper", "Co-handler")
        )
        said = [part.task, hide(part.answer), hide(part.returned_basis)]
        rows.append(
            (
                f"{part.unit_name}\n{role}",
                str(words.PART_STATES[part.state]),
                common.moment(part.due_at) if part.due_at else "",
                "\n".join(bit for bit in said if bit),
            )
        )
    head = (
        pgettext("paper", "Unit"),
        pgettext("paper", "State"),
        pgettext("paper", "Due"),
        pgettext("paper", "Task and answer"),
    )
    return Table(head, tuple(rows), (5, 3, 4, 9), pgettext("paper", "Who does what"))


def _deadlines(view: CaseView) -> Table:
    """Return each deadline that runs or ran last, with the reasons for its date."""
    timers = [(str(words.PROMISES.get(view.state, words.DONE_BY)), view.timer_id)]
    timers += [(part.unit_name, part.timer_id) for part in view.parts]
    rows, seen = [], set()
    for what, timer_id in timers:
        if timer_id is None or timer_id in seen:
            continue
        seen.add(timer_id)
        timer = clocks.get_timer(TimerId(timer_id))
        why = clock_words.explained(timer, now=timer.due.started_at)
        rows.append((what, why.when, why.why))
    head = (pgettext("paper", "Deadline"), pgettext("paper", "Due"), pgettext("paper", "Why then"))
    return Table(head, tuple(rows), (5, 4, 12), pgettext("paper", "Deadlines"))


def _history(view: CaseView, hide: Callable[[str], str]) -> Table:
    rows = []
    for entry in view.history:
        said = [str(words.TOLD[entry.what])]
        if entry.what != "raise":
            said.append(hide(entry.words))
        if entry.reason and entry.reason != entry.words:
            said.append(hide(words.reason_words(entry.reason)))
        who = entry.unit_name or (
            _("Who reported it") if entry.what in fragments.BY_THE_RAISER else ""
        )
        rows.append((common.moment(entry.at), who, " ".join(bit for bit in said if bit)))
    head = (pgettext("paper", "When"), pgettext("paper", "Who"), pgettext("paper", "What happened"))
    return Table(head, tuple(rows), (5, 6, 10), pgettext("paper", "History"))


def _photos(view: CaseView) -> list[Block]:
    found = common.evidence_of(view)
    blocks: list[Block] = []
    for kinds, heading in (
        (("before", "scene"), pgettext("paper", "Photos before")),
        (("after",), pgettext("paper", "Photos after")),
    ):
        items = common.photos(found, kinds)
        if items:
            blocks.append(Pictures(items, heading))
    voices = sum(one.kind == "voice" for one in found)
    if voices:
        said = _("%(n)s voice notes are kept with the matter.") % {"n": voices}
        blocks.append(Words((said,), pgettext("paper", "Voice notes")))
    return blocks
