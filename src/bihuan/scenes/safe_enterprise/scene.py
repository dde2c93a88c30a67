"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.types import HAZARD, MAY_SAY_DONE
from bihuan.kernel.stage.types import Panel, Scene, Subscription
from bihuan.scenes.safe_enterprise.rules import RULE

SCENE = Scene(
    name="safe_enterprise",
    title=_("Safe enterprise"),
    subscriptions=(
        Subscription(
            "cases.part_moved.v1",
            "bihuan.scenes.safe_enterprise.subscribers:matter_moved",
            where=(("kind", HAZARD),),
        ),
        Subscription(
            "cases.case_moved.v1",
            "bihuan.scenes.safe_enterprise.subscribers:matter_moved",
            where=(("kind", HAZARD),),
        ),
        Subscription(
            "clocks.rung_reached.v1", "bihuan.scenes.safe_enterprise.subscribers:deadline_passed"
        ),
        Subscription(
            "registry.organisation_registered.v1",
            "bihuan.scenes.safe_enterprise.subscribers:firm_registered",
        ),
    ),
    panels=(
        Panel(
            "enterprise",
            "bihuan.scenes.safe_enterprise.queries:firm_codes",
            "safe_enterprise/_panel.html",
            MAY_SAY_DONE,
            10,
        ),
    ),
    rules=((RULE, "bihuan.scenes.safe_enterprise.rules:code_of"),),
    standards="standards",
    urls="bihuan.scenes.safe_enterprise.urls",
    prefix="safe",
    purposes=("handling", "telling"),
)
