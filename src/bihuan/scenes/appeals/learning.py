"""The class that a text suggests: learnt from closed matters, or by words while there are none.

A person decides; what the person decided is what the next version learns from. A new version
serves only when it is better than the present one on later matters that neither learnt from.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_SEE
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import Scope
from bihuan.kernel.ground.standards import api as standards
from bihuan.platform import clock
from bihuan.platform.learning import store
from bihuan.platform.learning.comparing import Comparison, compare
from bihuan.platform.learning.copies import copied_rows
from bihuan.platform.learning.model import Answer, Model
from bihuan.platform.learning.packing import UnableToLoadModel
from bihuan.platform.learning.training import Settings, UnableToLearn, train
from bihuan.platform.web.errors import Refused
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.facts import ClassifierReplaced
from bihuan.scenes.appeals.rules import OTHER, guess_class, title_of, urgent_reasons
from bihuan.scenes.appeals.types import MAY_TEACH, Guess, Learnt, Urgent

TASK = "appeals.class"
TASK_REF = Ref("learning.task", TASK)
STANDARD = "appeals.learning"
MOST_WORDS = 4
RAREST = 3
"""A run that stands in fewer matters is not kept: what one person wrote is nobody's word."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """When a version may serve."""

    fewest_closed: int
    later_percent: int
    fewest_later: int
    chance_at_most_percent: int
    most_closed: int
    sure_percent: int


def suggest_each(texts: Sequence[str], *, reasons: bool = True) -> list[Guess]:
    """Return the class that each text suggests, how sure that is, and the words that speak for it.

    The version in force answers; without one, or where it is not sure enough, the words of the
    classes do. A batch that shows nobody its reasons leaves them out: that is faster.
    """
    by_words = [_by_words(text) for text in texts]
    model = _serving() if texts else None
    if model is None:
        return by_words
    known = {one.code for one in CLASSES}
    sure = bounds_on(clock.business_date(clock.now())).sure_percent / 100
    said = model.answer_each([_read(text) for text in texts], words=MOST_WORDS if reasons else 0)
    return [
        _learnt_guess(answer) if answer.label in known and answer.confidence >= sure else rule
        for answer, rule in zip(said, by_words, strict=True)
    ]


def _by_words(text: str) -> Guess:
    return guess_class(text, {c.code: c.words for c in CLASSES})


def _learnt_guess(said: Answer) -> Guess:
    second = said.labels[1][0] if len(said.labels) > 1 else ""
    words = tuple(word.text for word in said.words)
    return Guess(said.label, words, said.confidence, second, learnt=True)


def _read(text: str) -> tuple[str, str]:
    """Return a text as the model reads it: its first sentence, and all of it."""
    return title_of(text), text


def _serving() -> Model | None:
    """Return the version in force; one that cannot be read is as good as none, and is told."""
    try:
        return store.load_serving(TASK)
    except UnableToLoadModel as wrong:
        log.error("classifier of appeals not usable, rules by words serve: %s", wrong)
        return None


def urgent(text: str, *, at: datetime) -> tuple[Urgent, ...]:
    """Return why a text sounds urgent, by the words in force."""
    on = clock.business_date(at)
    return urgent_reasons(text, standards.get_standard("appeals.urgency", on=on).value)


def bounds_on(day: date) -> _Bounds:
    """Return when a version may serve, by the standard in force on `day`."""
    return _Bounds(**standards.get_standard(STANDARD, on=day).value)


def learn(*, scope: Scope, at: datetime) -> Learnt:
    """Learn from closed matters and compare with what serves, on later ones; the better serves.

    Raises:
        Refused: too few closed matters, or all of one class.
    """
    bounds = bounds_on(clock.business_date(at))
    _require(scope)
    rows = cases.list_handled(APPEAL, scope=scope, most=bounds.most_closed)
    rows = tuple(row for row in rows if row.class_code != OTHER)
    if len(rows) < bounds.fewest_closed:
        raise Refused(
            "%(count)s closed matters with a class are too few to learn from; "
            "%(fewest)s are needed. Until then the words of the classes suggest.",
            code="too_few",
            count=len(rows),
            fewest=bounds.fewest_closed,
        )
    cut = len(rows) - round(len(rows) * bounds.later_percent / 100)
    earlier, later = rows[:cut], rows[cut:]
    try:
        model = train(_texts(earlier), _labels(earlier), Settings(rarest=RAREST))
    except UnableToLearn as wrong:
        raise Refused("Nothing can be learnt: %(why)s", code="no_lesson", why=str(wrong)) from wrong
    with transaction.atomic():
        store.lock_task(TASK)
        return _settle(model, earlier, later, bounds, scope=scope, at=at)


def _settle(
    model: Model,
    earlier: Sequence[cases.Handled],
    later: Sequence[cases.Handled],
    bounds: _Bounds,
    *,
    scope: Scope,
    at: datetime,
) -> Learnt:
    """Compare on what neither version learnt from, keep the version, record the fact."""
    before = store.find_serving(TASK)
    until = earlier[-1].raised_at
    seen = max(until, before.learnt_until) if before else until
    fresh = [row for row in later if row.raised_at > seen]
    fresh = _without_copies(fresh, earlier)
    found = _compared(model, fresh)
    better = found.is_better(
        chance_at_most=bounds.chance_at_most_percent / 100, fewest_rows=bounds.fewest_later
    )
    kept = store.keep(
        TASK,
        model,
        at=at,
        learnt_until=until,
        rows=len(earlier),
        figures=_figures(found),
        serve=better,
    )
    if better:
        _record(kept.number, before.number if before else 0, found, scope=scope, at=at)
    return Learnt(
        number=kept.number,
        against=before.number if before else 0,
        learnt_from=len(earlier),
        compared_on=found.rows,
        new_macro_f1=found.new_macro_f1,
        old_macro_f1=found.old_macro_f1,
        new_right_alone=found.new_right_alone,
        old_right_alone=found.old_right_alone,
        chance=found.chance,
        serves=better,
    )


def go_back(*, scope: Scope, at: datetime) -> tuple[int, int]:
    """Take the serving version out; return its number and the number that serves now (0: words).

    Raises:
        Refused: no learnt version serves.
    """
    _require(scope)
    with transaction.atomic():
        try:
            out, now = store.go_back(TASK)
        except store.UnableToGoBack as wrong:
            raise Refused("No learnt version serves; the words do.", code="none") from wrong
        serving = now.number if now else 0
        _record(serving, out.number, None, scope=scope, at=at)
    return out.number, serving


def _require(scope: Scope) -> None:
    if not scope.has(MAY_TEACH):
        raise Refused("You may not teach the classifier.", code="not_allowed")


def _compared(model: Model, rows: Sequence[cases.Handled]) -> Comparison:
    """Let the new version and whatever serves answer the same rows."""
    if not rows:
        return Comparison(0, 0, 0, 0.0, 0.0, 1.0)
    texts = [_written(row) for row in rows]
    old = [guess.class_code for guess in suggest_each(texts, reasons=False)]
    return compare(_labels(rows), model.predict(_texts(rows)), old)


def _without_copies(
    rows: list[cases.Handled], learnt: Sequence[cases.Handled]
) -> list[cases.Handled]:
    copies = copied_rows([_written(row) for row in rows], [_written(row) for row in learnt])
    return [rows[i] for i in np.setdiff1d(np.arange(len(rows)), copies)]


def _texts(rows: Sequence[cases.Handled]) -> list[tuple[str, str]]:
    return [_read(_written(row)) for row in rows]


def _written(row: cases.Handled) -> str:
    """Return what was written at the opening; a title that is no part of the text before it."""
    return row.text if row.text.startswith(row.title[:8]) else f"{row.title}\n{row.text}"


def _labels(rows: Sequence[cases.Handled]) -> list[str]:
    return [row.class_code for row in rows]


def _figures(found: Comparison) -> dict[str, float]:
    return {
        "compared_on": found.rows,
        "new_macro_f1": round(found.new_macro_f1, 4),
        "old_macro_f1": round(found.old_macro_f1, 4),
        "new_right_alone": found.new_right_alone,
        "old_right_alone": found.old_right_alone,
        "chance": round(found.chance, 6),
    }


def _record(
    serving: int, before: int, found: Comparison | None, *, scope: Scope, at: datetime
) -> None:
    fact = ClassifierReplaced(
        subject=TASK_REF,
        serving=serving,
        before=before,
        compared_on=found.rows if found else 0,
        chance=round(found.chance, 6) if found else 1.0,
    )
    events.record(fact, origin=scope.origin, at=at)


def teaching_scope(job: str) -> Scope:
    """Return the scope of the commands: all closed matters of the installation."""
    return registry.system_scope(job, (MAY_TEACH, MAY_SEE))
