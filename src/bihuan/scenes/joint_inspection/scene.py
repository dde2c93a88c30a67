"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.api import HAZARD_LIFE, STANDARD_LIFE
from bihuan.kernel.affairs.cases.types import (
    MAY_HANDLE,
    MAY_SAY_DONE,
    MAY_VERIFY,
    CaseClass,
    CaseKind,
    Opens,
)
from bihuan.kernel.affairs.cases.types import MAY_SEE as MAY_SEE_CASES
from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL, MAY_VERIFY_ON_SITE
from bihuan.kernel.affairs.fieldwork.types.inspections import (
    MAY_DECIDE_REQUESTS,
    MAY_INSPECT,
)
from bihuan.kernel.ground.registry.types import Duty
from bihuan.kernel.stage.types import Grant, NavItem, Panel, Scene, Subscription
from bihuan.kernel.tools.assessments.types import MAY_FILL
from bihuan.kernel.tools.assessments.types import MAY_SEE as MAY_SEE_FORMS
from bihuan.kernel.tools.notices.types import Audience, NoticeCode, NoticeKind
from bihuan.scenes.joint_inspection import types as t

HERE = "bihuan.scenes.joint_inspection"
CLASSES = (
    CaseClass("work_safety", _("Work safety"), "work_safety"),
    CaseClass("fire", _("Fire safety"), "fire"),
    CaseClass("labour", _("Labour"), "labour"),
    CaseClass("market", _("Market regulation"), "market"),
    CaseClass("environment", _("Environment"), "environment"),
    CaseClass("urban_management", _("Urban enforcement"), "urban_management"),
    CaseClass("construction", _("Construction"), "construction"),
)
"""The seven domains, each with the line whose unit follows up what it found."""

SCENE = Scene(
    name="joint_inspection",
    title=_("Joint inspection"),
    case_kinds=(
        CaseKind(t.RECTIFICATION, _("Rectification"), HAZARD_LIFE, classes=CLASSES),
        CaseKind(
            t.COMPLAINT,
            _("Complaint about an inspection"),
            STANDARD_LIFE,
            classes=(CaseClass("inspection", _("How an inspection was made"), "law"),),
        ),
    ),
    opens=(
        Opens(
            on="fieldwork.inspection_finding_recorded.v1",
            kind=t.RECTIFICATION,
            raising=f"{HERE}.raising:raise_rectification",
        ),
    ),
    duties=(
        Duty(t.PLANNER, _("Inspection planner"), frozenset({t.MAY_PLAN, t.MAY_SEE})),
        Duty(t.REVIEWER, _("Legal reviewer"), frozenset({t.MAY_REVIEW, t.MAY_SEE, t.MAY_EXEMPT})),
        Duty(t.APPROVER, _("Inspection approver"), frozenset({t.MAY_APPROVE, t.MAY_SEE})),
        Duty(
            t.INSPECTOR,
            _("Inspector"),
            frozenset(
                {
                    t.MAY_SEE,
                    MAY_INSPECT,
                    MAY_FILL,
                    MAY_SEE_FORMS,
                    MAY_HANDLE,
                    MAY_VERIFY,
                    MAY_VERIFY_ON_SITE,
                    MAY_DECIDE_REQUESTS,
                    MAY_SEE_CASES,
                }
            ),
        ),
        Duty(t.ASSISTANT, _("Inspection assistant"), frozenset({t.MAY_SEE})),
    ),
    grants=(Grant(t.PLANNER, frozenset({t.MAY_KEEP_LIBRARY})),),
    subscriptions=(
        Subscription("joint_inspection.task_moved.v1", f"{HERE}.subscribers:tell_firm"),
        Subscription(
            "cases.case_opened.v1",
            f"{HERE}.subscribers:give_to_department",
            where=(("kind", t.RECTIFICATION),),
        ),
        Subscription(
            "fieldwork.inspection_request_decided.v1", f"{HERE}.subscribers:draft_for_request"
        ),
    ),
    notices=(
        NoticeKind(
            NoticeCode("joint_inspection.notified"),
            _("Notice of inspection"),
            _("A joint inspection (%(number)s) comes on %(day)s. Its items are in your calendar."),
            Audience.FIRM,
            is_legal=True,
        ),
        NoticeKind(
            NoticeCode("joint_inspection.told"),
            _("Result of an inspection"),
            _("The result of inspection %(number)s is in your calendar. Say there how it was."),
            Audience.FIRM,
            is_legal=True,
        ),
    ),
    panels=(
        Panel(
            "enterprise",
            f"{HERE}.queries:firm_panel",
            "joint_inspection/_panel.html",
            MAY_SAY_DONE,
            30,
        ),
    ),
    nav=(
        NavItem("officer", "joint_inspection:plans", "calendar", _("Plans"), t.MAY_SEE, 70),
        NavItem(
            "officer", "joint_inspection:tasks", "list-check", _("Joint visits"), t.MAY_SEE, 71
        ),
        NavItem("officer", "joint_inspection:library", "file-text", _("Items"), t.MAY_SEE, 72),
        NavItem(
            "officer",
            "joint_inspection:requests",
            "inbox",
            _("Asked inspections"),
            MAY_DECIDE_REQUESTS,
            73,
        ),
        NavItem("field", "joint_inspection:requests", "inbox", _("Ask to inspect"), MAY_PATROL, 40),
    ),
    standards="standards",
    urls=f"{HERE}.urls",
    prefix="joint",
    purposes=("handling", "telling"),
)
