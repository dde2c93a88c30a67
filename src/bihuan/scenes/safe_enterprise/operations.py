"""Verbs of the story: computing a firm's code."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import HAZARD, MAY_SEE, CaseRow, Filter, State
from bihuan.kernel.ground.events.types import Origin, Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import OrganisationId, Scope, organisation_ref
from bihuan.kernel.ground.standards import api as standards
from bihuan.kernel.tools.codes import api as codes
from bihuan.kernel.tools.codes.types import MAY_ISSUE, MAY_SET_STANDING, Colour, Standing
from bihuan.platform import clock
from bihuan.scenes.safe_enterprise.rules import RULE, STANDARD

KIND = "safe"
OPEN = (State.SIGNED, State.IN_PROGRESS, State.REWORK, State.FED_BACK, State.SUSPENDED)


def system(origin: Origin | None = None) -> Scope:
    """Return the scope by which this story reads hazards and sets codes."""
    powers = (MAY_SEE, MAY_SET_STANDING, MAY_ISSUE)
    scope = registry.system_scope("safe_enterprise", powers)
    return scope.through(origin) if origin else scope


def list_confirmed(organisation_id: OrganisationId, *, at: datetime) -> tuple[CaseRow, ...]:
    """Return the firm's confirmed hazards that are not yet verified as cleared."""
    wanted = Filter(kind=HAZARD, concerns=organisation_id, states=OPEN)
    rows = cases.list_every_case(scope=system(), wanted=wanted, at=at)
    return tuple(row for row in rows if row.grade)


def compute_code(
    organisation_id: OrganisationId, *, at: datetime, origin: Origin | None = None
) -> Standing:
    """Compute a firm's code from what is confirmed now, and keep the decision.

    Two reactions at once are computed one after the other. From the same hazards by the same
    version of the rules nothing is decided anew.
    """
    scope = system(origin)
    subject = organisation_ref(organisation_id)
    with transaction.atomic():
        codes.lock_subject(subject)
        return _compute(organisation_id, subject, scope=scope, at=at)


def _compute(
    organisation_id: OrganisationId, subject: Ref, *, scope: Scope, at: datetime
) -> Standing:
    inputs = {"hazards": [_input(row, at) for row in list_confirmed(organisation_id, at=at)]}
    standard = standards.get_standard(STANDARD, on=clock.business_date(at))
    standing = codes.get_standing(subject)
    if standing is not None:
        known = standards.get_decision(standing.decision_id)
        if (known.inputs, known.standard_version) == (inputs, standard.version):
            return standing
    decision = standards.decide(RULE, standard=standard, subject=subject, inputs=inputs, at=at)
    codes.issue_code(KIND, subject=subject, scope=scope, at=at)
    return codes.set_standing(
        subject,
        colour=Colour(decision.value["colour"]),
        score=decision.value["score"],
        decision_id=decision.id,
        awaits_person=decision.value["awaits_person"],
        scope=scope,
        at=at,
    )


def _input(row: CaseRow, at: datetime) -> dict[str, object]:
    """Return what the rule sees of a hazard. A suspended one waits; its date does not pass."""
    overdue = not row.paused and row.due_at is not None and row.due_at <= at
    return {"case": row.id, "grade": row.grade, "overdue": overdue}
