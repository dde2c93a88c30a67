"""What a reviewer lets the public read of a matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_ACCEPT, CaseId, CaseView, State, case_ref
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.registry.types import Scope
from bihuan.platform.web.errors import NotAllowed
from bihuan.scenes.appeals.facts import PublicWordsSet
from bihuan.scenes.appeals.models import PublicWords
from bihuan.scenes.appeals.open311 import asking, reading
from bihuan.scenes.appeals.open311.asking import UnableToAsk
from bihuan.scenes.appeals.open311.taking import clean
from bihuan.scenes.appeals.open311.types import DESCRIPTION_LONGEST

ANSWERED = (State.CLOSED, State.EVALUATED)


@dataclass(frozen=True, slots=True)
class Release:
    """What the public reads now, and what a reviewer may begin with."""

    case_id: int
    released: str
    draft: str
    answered: str
    """The answer that the public reads now."""
    answer_draft: str
    """Empty while the matter is not closed: there is no answer to show."""


def release(case_id: int, words: str, answer: str = "", *, scope: Scope, at: datetime) -> None:
    """Let the public read `words` of a matter, and its `answer`; empty words withhold both again.

    Raises:
        NotAllowed: the scope reviews no texts.
        UnableToFind: there is no such matter for it.
        UnableToAsk: the words are too long, or hold what the rule would mask.
    """
    if not scope.has(MAY_ACCEPT):
        raise NotAllowed("Your post may not do this.", code="power")
    view = cases.get_case(CaseId(case_id), scope=scope)
    text = _checked(words, "words")
    said = _checked(answer, "answer") if text else ""
    if said and view.state not in ANSWERED:
        raise UnableToAsk("It is not closed: there is no answer to show yet.", field="answer")
    with transaction.atomic():
        if text:
            values = {
                "words": text,
                "answer": said,
                "reviewed_by": scope.origin.account_id,
                "reviewed_at": at,
            }
            PublicWords.objects.update_or_create(case_id=view.id, defaults=values)
        else:
            PublicWords.objects.filter(case_id=view.id).delete()
        fact = PublicWordsSet(subject=case_ref(view.id), number=view.number, shown=bool(text))
        events.record(fact, origin=scope.origin, at=at)


def _checked(words: str, field: str) -> str:
    text = clean(words)
    if len(text) > DESCRIPTION_LONGEST:
        raise UnableToAsk("description has at most 4,000 characters.", field=field)
    if asking.masked(text) != text:
        raise UnableToAsk(
            "There is still a phone, a number or a name in it. Take it out.", field=field
        )
    return text


def panel(view: CaseView, scope: Scope, at: datetime) -> Release | None:
    """Return the panel of a matter that the public may read of, for who reviews texts."""
    offered = view.class_code in reading.terms_on(at).services
    if view.kind != APPEAL or view.terms.sensitive or not offered:
        return None
    row = PublicWords.objects.filter(case_id=view.id).first()
    released, answered = (row.words, row.answer) if row is not None else ("", "")
    draft = asking.masked(view.answer)[:DESCRIPTION_LONGEST] if view.state in ANSWERED else ""
    return Release(
        case_id=view.id,
        released=released,
        draft=released or asking.masked(view.text)[:DESCRIPTION_LONGEST],
        answered=answered,
        answer_draft=answered or draft,
    )
