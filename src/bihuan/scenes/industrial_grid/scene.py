"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.api import HAZARD_LIFE
from bihuan.kernel.affairs.cases.types import HAZARD, MAY_VERIFY, CaseClass, CaseKind, Opens
from bihuan.kernel.affairs.fieldwork.types import MAY_PATROL, MAY_VERIFY_ON_SITE
from bihuan.kernel.stage.types import Command, NavItem, Panel, Scene, Subscription

CLASSES = (
    CaseClass("fire", _("Fire safety"), "fire"),
    CaseClass("electricity", _("Electricity"), "work_safety"),
    CaseClass("work_safety", _("Work safety"), "work_safety"),
    CaseClass("labour", _("Labour"), "labour"),
    CaseClass("illegal_building", _("Illegal building"), "urban_management"),
    CaseClass("occupational_disease", _("Occupational disease"), "health"),
    CaseClass("epidemic", _("Epidemic"), "health"),
    CaseClass("other", _("Something else"), "work_safety"),
)
"""The duty domains of an industrial grid, each with the line that is competent for it."""

SCENE = Scene(
    name="industrial_grid",
    title=_("Industrial grid"),
    case_kinds=(CaseKind(HAZARD, _("Hazard"), HAZARD_LIFE, classes=CLASSES),),
    opens=(
        Opens(
            on="fieldwork.finding_recorded.v1",
            kind=HAZARD,
            raising="bihuan.scenes.industrial_grid.raising:raise_hazard",
        ),
    ),
    commands=(
        Command(
            "industrial_grid.report_finding",
            "bihuan.scenes.industrial_grid.commands:report_finding",
            MAY_PATROL,
        ),
        Command(
            "industrial_grid.fill_checklist",
            "bihuan.scenes.industrial_grid.checking:fill_checklist",
            MAY_PATROL,
        ),
        Command(
            "industrial_grid.record_visit",
            "bihuan.scenes.industrial_grid.commands:record_visit",
            MAY_PATROL,
        ),
        Command("cases.verify", "bihuan.scenes.industrial_grid.commands:verify", MAY_VERIFY),
    ),
    subscriptions=(
        Subscription(
            "cases.case_opened.v1", "bihuan.scenes.industrial_grid.subscribers:matter_opened"
        ),
    ),
    panels=(
        Panel("field", "bihuan.scenes.industrial_grid.queries:today", "", MAY_VERIFY_ON_SITE, 10),
    ),
    nav=(
        NavItem("field", "industrial_grid:report", "camera", _("Report"), MAY_PATROL, 10),
        NavItem("field", "industrial_grid:checklist", "list-check", _("Checklist"), MAY_PATROL, 20),
    ),
    checklists=("patrol-1.yaml",),
    standards="standards",
    seeds="bihuan.scenes.industrial_grid.seeds:seed",
    urls="bihuan.scenes.industrial_grid.urls",
    prefix="grid",
    purposes=("handling", "telling"),
)
