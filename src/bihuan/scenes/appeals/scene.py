"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.api import STANDARD_LIFE
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_ACCEPT, MAY_SEE, CaseKind
from bihuan.kernel.ground.registry.types import EVERYBODY
from bihuan.kernel.stage.types import MANAGE_MACHINES, NavItem, Panel, Scene, Subscription
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.systems import SYSTEMS

SCENE = Scene(
    name="appeals",
    title=_("Appeals"),
    case_kinds=(CaseKind(APPEAL, _("Appeal"), STANDARD_LIFE, classes=CLASSES),),
    nav=(
        NavItem("resident", "appeals:report", "plus", _("Report"), EVERYBODY, 10),
        NavItem("resident", "appeals:track", "search", _("Find a matter"), EVERYBODY, 20),
        NavItem("officer", "appeals:topics", "flame", _("Hot topics"), MAY_ACCEPT, 50),
        NavItem("officer", "appeals:imports", "plus", _("Take in a file"), MAY_ACCEPT, 60),
        NavItem("officer", "machines:interfaces", "share", _("Interfaces"), MANAGE_MACHINES, 90),
    ),
    panels=(
        Panel(
            "worklist",
            "bihuan.scenes.appeals.panels:hot_topics",
            "appeals/_hot_topics.html",
            MAY_ACCEPT,
        ),
        Panel(
            "matter",
            "bihuan.scenes.appeals.panels:reads_like",
            "appeals/_reads_like.html",
            MAY_SEE,
        ),
        Panel(
            "matter",
            "bihuan.scenes.appeals.open311.releasing:panel",
            "appeals/_public_words.html",
            MAY_ACCEPT,
            90,
        ),
    ),
    standards="standards",
    seeds="bihuan.scenes.appeals.seeds:seed",
    urls="bihuan.scenes.appeals.urls",
    prefix="appeals",
    purposes=("handling", "identity", "telling", "emergency", "survey", "errand"),
    outside=SYSTEMS,
    mounts=(
        ("open311/", "bihuan.scenes.appeals.open311.urls"),
        ("feeds/", "bihuan.scenes.appeals.feed_urls"),
    ),
    subscriptions=(
        Subscription("cases.case_opened.v1", "bihuan.scenes.appeals.subscribers:tell_opened"),
        Subscription("cases.case_moved.v1", "bihuan.scenes.appeals.subscribers:tell_moved"),
    ),
)
