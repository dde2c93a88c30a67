"""Reactions to facts; safe to run twice."""

from __future__ import annotations

from uuid import UUID

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import (
    MAY_ACCEPT,
    MAY_DISPATCH,
    CaseId,
    MoveName,
    NewPart,
    Role,
    State,
)
from bihuan.kernel.affairs.cases.types import MAY_SEE as MAY_SEE_CASES
from bihuan.kernel.affairs.fieldwork import api as fieldwork
from bihuan.kernel.affairs.fieldwork.types.inspections import INSPECTION_FINDING
from bihuan.kernel.ground.events.types import RecordedFact, Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import OrganisationId, UnitId
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_SEND, News, NoticeCode
from bihuan.scenes.joint_inspection import visits
from bihuan.scenes.joint_inspection.types import MAY_PLAN

TOLD = {
    "notify": NoticeCode("joint_inspection.notified"),
    "tell": NoticeCode("joint_inspection.told"),
}


def tell_firm(fact: RecordedFact) -> None:
    """Tell the firm that an inspection comes, and that its result is there."""
    kind = TOLD.get(str(fact.payload["move"]))
    if kind is None:
        return
    news = News(
        kind=kind,
        cause=fact.id,
        subject=fact.subject,
        params={"number": fact.payload["number"], "day": fact.payload["day"]},
        area_path=str(fact.payload["area_path"]),
    )
    to = Ref("registry.organisation", str(fact.payload["organisation"]))
    scope = registry.system_scope("joint_inspection", (MAY_SEND,))
    notices.send_notice(news, to=to, scope=scope, at=fact.at)


def give_to_department(fact: RecordedFact) -> None:
    """File and dispatch what an inspection found to the department whose item it is."""
    kind, _colon, key = str(fact.payload["cause"]).partition(":")
    if kind != INSPECTION_FINDING:
        return
    finding = fieldwork.get_inspection_finding(UUID(key))
    powers = (MAY_ACCEPT, MAY_DISPATCH, MAY_SEE_CASES)
    scope = registry.system_scope("joint_inspection", powers).through(fact.origin)
    case_id = CaseId(int(fact.subject.key))
    view = cases.get_case(case_id, scope=scope)
    if view.state is State.REPORTED:
        cases.move_case(case_id, move=MoveName("file"), scope=scope, at=fact.at)
        view = cases.get_case(case_id, scope=scope)
    if view.state is State.FILED:
        part = NewPart(finding.unit_id, Role.LEAD)
        cases.dispatch_case(case_id, parts=[part], scope=scope, at=fact.at)


def draft_for_request(fact: RecordedFact) -> None:
    """Draft a task for an inspection that a department approved outside the plan."""
    if not fact.payload["approved"]:
        return
    scope = registry.system_scope("joint_inspection", (MAY_PLAN,)).through(fact.origin)
    visits.draft_case_task(
        OrganisationId(UUID(str(fact.payload["organisation"]))),
        [UnitId(int(str(fact.payload["unit"])))],
        reason="巡查提请，主管部门已批准",
        cause=str(fact.subject),
        scope=scope,
        at=fact.at,
    )
