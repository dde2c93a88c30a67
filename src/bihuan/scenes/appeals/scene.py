"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.api import STANDARD_LIFE
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_ACCEPT, MAY_SEE, CaseKind
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.stage.types import NavItem, Panel, Scene
from bihuan.scenes.appeals.classes import CLASSES

SCENE = Scene(
    name="appeals",
    title=_("Appeals"),
    case_kinds=(CaseKind(APPEAL, _("Appeal"), STANDARD_LIFE, classes=CLASSES),),
    nav=(
        NavItem("resident", "appeals:report", "plus", _("Report"), EVERYBODY, 10),
        NavItem("resident", "appeals:track", "search", _("Find a matter"), EVERYBODY, 20),
        NavItem("officer", "appeals:imports", "plus", _("Take in a file"), MAY_ACCEPT, 60),
    ),
    panels=(
        Panel(
            "matter",
            "bihuan.scenes.appeals.panels:reads_like",
            "appeals/_reads_like.html",
            MAY_SEE,
        ),
    ),
    standards="standards",
    seeds="bihuan.scenes.appeals.seeds:seed",
    urls="bihuan.scenes.appeals.urls",
    prefix="appeals",
    purposes=("handling", "identity", "telling", "emergency", "survey", "errand"),
)
