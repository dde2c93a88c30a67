"""Reads for the firm's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases import web as case_web
from bihuan.kernel.affairs.cases.types import CaseId, CaseView
from bihuan.kernel.ground.clocks import api as clocks
from bihuan.kernel.ground.clocks import web as clock_words
from bihuan.kernel.ground.clocks.types import Budget, Due
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import OrganisationId, Scope, organisation_ref
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.ground.standards.types import Decision, Reason
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import Standing
from bihuan.platform import clock
from bihuan.platform.ui import values
from bihuan.platform.ui.words import day_words, due_words
from bihuan.scenes.safe_enterprise.operations import KIND
from bihuan.scenes.safe_enterprise.rules import score_after

SCALE = 300
"""Width of the score's scale in its drawing: three units for each point."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and the points that come back once it is verified."""

    words: str
    hint: str
    points: str
    href: str


@dataclass(frozen=True, slots=True)
class Why:
    """One deduction: points, what, when seen, when due."""

    points: str
    words: str
    when: str
    badge: values.Deadline | None


@dataclass(frozen=True, slots=True)
class FirmCode:
    """A firm's code as the firm sees it."""

    firm: str
    badge: values.CodeBadge
    since: str
    version: str
    score: int
    after: int
    here: int
    there: int
    steps: tuple[Step, ...]
    reasons: tuple[Why, ...]
    deducted: int
    objection: str
    objection_why: str
    may_object: bool
    officer: str
    awaits_person: bool
    code_href: str
    first_href: str


def firm_codes(scope: Scope, at: datetime) -> tuple[FirmCode, ...]:
    """Return the codes of the firms for which the asker speaks."""
    found = registry.organisations_by_id(scope.organisation_ids)
    made = (_firm(firm.id, firm.name, scope, at) for firm in found.values())
    return tuple(code for code in made if code is not None)


def _firm(firm: OrganisationId, name: str, scope: Scope, at: datetime) -> FirmCode | None:
    subject = organisation_ref(firm)
    standing = codes.get_standing(subject)
    if standing is None:
        return None
    decision = standards.get_decision(standing.decision_id)
    views = {r.code + str(n): _view(r, scope) for n, r in enumerate(decision.reasons)}
    matters = list(views.values())
    after = score_after(standing.score, [decision.reasons[0].points] if decision.reasons else [])
    due = _objection(standing, at)
    steps = tuple(_step(r, v) for r, v in zip(decision.reasons, matters, strict=True) if v)
    code_id = codes.find_code(KIND, subject)
    return FirmCode(
        firm=name,
        badge=_badge(standing),
        since=_("since %(day)s") % {"day": day_words(clock.business_date(standing.since))},
        version=_("rules version %(n)s") % {"n": decision.standard_version},
        score=standing.score,
        after=after,
        here=standing.score * SCALE // 100,
        there=after * SCALE // 100,
        steps=steps,
        reasons=tuple(_why(r, v, at) for r, v in zip(decision.reasons, matters, strict=True)),
        deducted=_deducted(decision),
        objection=due_words(due.at),
        objection_why=clock_words.due_sentence(due),
        may_object=at <= due.at,
        officer=_officer(firm, at),
        awaits_person=standing.awaits_person,
        code_href=reverse("safe_enterprise:show_code", args=[firm]) if code_id else "",
        first_href=next((step.href for step in steps if step.href), ""),
    )


def _badge(standing: Standing) -> values.CodeBadge:
    words = {"green": _("Green code"), "yellow": _("Yellow code"), "red": _("Red code")}
    colour = standing.colour.value
    told = _("%(colour)s, %(score)s points") % {"colour": words[colour], "score": standing.score}
    return values.CodeBadge(colour, told, standing.score, size=88)


def _view(reason: Reason, scope: Scope) -> CaseView | None:
    if reason.evidence is None:
        return None
    try:
        return cases.get_case(CaseId(int(reason.evidence.key)), scope=scope)
    except cases.UnableToFind:
        return None


def _step(reason: Reason, view: CaseView) -> Step:
    part = next((p for p in view.parts if "say_done" in p.moves), None)
    href = ""
    hint = _("Sent. Somebody will look on the spot; then the points come back.")
    if part is not None:
        href = reverse("cases:move_part", args=[part.id, "say_done"]) + "?next=/enterprise/"
        hint = _("Clear it and send a photo. Points come back once somebody has seen it there.")
    return Step(view.title, hint, f"+{-reason.points:.0f}", href)


def _why(reason: Reason, view: CaseView | None, at: datetime) -> Why:
    points = f"−{-reason.points:.0f}"
    if view is None:
        return Why(points, _("A confirmed hazard"), "", None)
    seen = _("seen on %(day)s") % {"day": day_words(clock.business_date(view.raised_at))}
    due = case_web.explained_of(view, now=at)
    return Why(points, view.title, seen, due.badge if due else None)


def _deducted(decision: Decision) -> int:
    return round(-sum(reason.points for reason in decision.reasons))


def _objection(standing: Standing, at: datetime) -> Due:
    """Return until when the firm may object to the decision that stands."""
    found = standards.get_standard("safe_enterprise.objection", on=clock.business_date(at))
    budget = Budget.from_value(found.value)
    return clocks.due_for(budget, standing.computed_at, clocks.get_calendar())


def _officer(firm: OrganisationId, at: datetime) -> str:
    officer = registry.find_officer(firm, at=at)
    return officer.name if officer else ""
