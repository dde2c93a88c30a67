"""The answer letter (答复函): what was asked, who answered what, and what one can do about it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from bihuan.kernel.affairs.cases.types import CaseView, Role, State, case_ref
from bihuan.kernel.affairs.cases.web import words
from bihuan.kernel.affairs.cases.web.papers import common
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.tools.documents import api as documents
from bihuan.kernel.tools.documents.types import (
    Block,
    Content,
    Facts,
    NewPaper,
    Paper,
    PaperKind,
    Pictures,
    Words,
)

LETTER = "cases.letter"
LETTER_KIND = PaperKind(LETTER, gettext_noop("Answer letter"), "A")
ANSWERED = frozenset({State.CLOSED, State.EVALUATED, State.REJECTED})
MOST_PHOTOS = 4


def is_answered(view: CaseView) -> bool:
    """Return whether there is an answer that can be put into a letter."""
    said = view.reject_reason if view.state is State.REJECTED else view.answer
    return view.state in ANSWERED and bool(said)


def issue_letter(view: CaseView, *, root: str, scope: Scope, at: datetime) -> Paper:
    """Issue the letter with the present answer; unchanged, the one that stands is given again.

    Raises:
        UnableToIssue: there is no answer yet.
    """
    if not is_answered(view):
        raise documents.UnableToIssue("There is no answer yet. You get one when it is done.")
    lead = common.lead_of(view)
    with translation.override(settings.LANGUAGE_CODE):
        content = _content(view)
    what = NewPaper(
        kind=LETTER,
        subject=case_ref(view.id),
        subject_number=view.number,
        content=content,
        root=root,
        unit_id=lead.unit_id if lead else None,
    )
    return documents.issue(what, scope=scope, at=at).paper


def _content(view: CaseView) -> Content:
    lead = common.lead_of(view)
    unit = lead.unit_name if lead else _("County social governance centre")
    name = common.raiser_name(view)
    blocks: list[Block] = [
        Facts(_facts(view)),
        Words(common.paragraphs(view.text or view.title), pgettext("paper", "What you asked")),
        Words(_answer(view), pgettext("paper", "Our answer")),
    ]
    after = common.photos(common.evidence_of(view), ("after",), MOST_PHOTOS)
    if after and view.state is not State.REJECTED:
        blocks.append(Pictures(after, pgettext("paper", "How it looks now")))
    blocks.append(Words(_ways(view), _("If you do not agree, or want to tell us more")))
    return Content(
        unit=unit,
        title=_("Answer letter"),
        opening=_("%(name)s:") % {"name": name} if name else _("To whom it concerns:"),
        blocks=tuple(blocks),
        signed=unit,
    )


def _facts(view: CaseView) -> tuple[tuple[str, str], ...]:
    lead = common.lead_of(view)
    helpers = [part.unit_name for part in view.parts if part.role is not Role.LEAD]
    rows = [
        (pgettext("paper", "Matter"), f"{view.number} · {view.title}"),
        (pgettext("paper", "Kind of matter"), _(view.class_title)),
        (pgettext("paper", "Place"), common.place_of(view)),
        (pgettext("paper", "Received"), common.moment(view.raised_at)),
        (pgettext("paper", "Handled by"), lead.unit_name if lead else ""),
        (pgettext("paper", "With"), "、".join(helpers)),
        (pgettext("paper", "Closed"), common.moment(view.closed_at) if view.closed_at else ""),
        (pgettext("paper", "Telephone of the unit"), _phone(view)),
    ]
    return tuple((label, value) for label, value in rows if value)


def _phone(view: CaseView) -> str:
    lead = common.lead_of(view)
    unit = registry.find_unit(lead.unit_id) if lead else None
    return unit.phone if unit else ""


def _answer(view: CaseView) -> tuple[str, ...]:
    if view.state is not State.REJECTED:
        return common.paragraphs(view.answer)
    last = next((e.words for e in reversed(view.history) if e.what in {"reject", "uphold"}), "")
    return (words.reason_words(view.reject_reason), *common.paragraphs(last))


def _ways(view: CaseView) -> tuple[str, ...]:
    """Return how one says whether it was solved, how one objects, whom one asks."""
    said = []
    if view.state is State.CLOSED:
        said.append(
            _(
                "Please say whether it was solved: on the platform under “Find a matter”, with the "
                "number and the receipt code, or by telephone 12345."
            )
        )
    if view.state is State.REJECTED:
        said.append(
            _(
                "You may ask once that another person looks at this decision: on the platform, or "
                "by telephone 12345."
            )
        )
    elif view.reopen_until is not None:
        said.append(
            _("Not solved, or back again? Until %(day)s you may have it done again.")
            % {"day": common.moment(view.reopen_until)}
        )
    said.append(
        _(
            "You may also come to any service centre of a town or to the county's centre, 8:30 to "
            "17:00 on working days. Bring this letter; we write down what you say."
        )
    )
    return tuple(said)
