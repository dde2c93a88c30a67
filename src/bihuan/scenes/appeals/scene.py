"""The manifest: what this story brings."""

from django.utils.translation import gettext_noop as _

from bihuan.kernel.affairs.cases.api import STANDARD_LIFE
from bihuan.kernel.affairs.cases.types import APPEAL, MAY_ACCEPT, MAY_SEE, CaseKind
from bihuan.kernel.ground.registry.types import (
    ACCEPTOR,
    AUDITOR,
    DISPATCHER,
    DUTY_OFFICER,
    EVERYBODY,
    GRID_LEADER,
    GRID_WORKER,
    HANDLER,
    LEADER,
    VERIFIER,
)
from bihuan.kernel.stage.types import (
    MANAGE_MACHINES,
    Grant,
    NavItem,
    Panel,
    Scene,
    Search,
    Subscription,
)
from bihuan.kernel.tools.notices.types import Audience, NoticeCode, NoticeKind
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.knowledge.types import (
    ARTICLE,
    MAY_READ_ARTICLES,
    MAY_REVIEW_ARTICLES,
    MAY_WRITE_ARTICLES,
)
from bihuan.scenes.appeals.systems import SYSTEMS

READ = frozenset({MAY_READ_ARTICLES})
WRITE = READ | {MAY_WRITE_ARTICLES}
REVIEW = WRITE | {MAY_REVIEW_ARTICLES}
GRANTS = (
    *(Grant(duty, READ) for duty in (VERIFIER, GRID_WORKER, GRID_LEADER, LEADER, AUDITOR)),
    Grant(HANDLER, WRITE),
    *(Grant(duty, REVIEW) for duty in (ACCEPTOR, DISPATCHER, DUTY_OFFICER)),
)
"""Who reads, writes and reviews articles of the knowledge base."""

SCENE = Scene(
    name="appeals",
    title=_("Appeals"),
    case_kinds=(CaseKind(APPEAL, _("Appeal"), STANDARD_LIFE, classes=CLASSES),),
    grants=GRANTS,
    notices=(
        NoticeKind(
            NoticeCode("appeals.article_due"),
            _("An article to look at again"),
            _("The article %(number)s was to be looked at again by %(day)s. Does it still hold?"),
            Audience.UNIT,
        ),
    ),
    searches=(
        Search(
            _("Knowledge base"),
            "bihuan.scenes.appeals.steps.knowledge:search",
            MAY_READ_ARTICLES,
        ),
    ),
    ready_words="bihuan.scenes.appeals.steps.knowledge:words_of",
    pages=((ARTICLE, "appeals:article"),),
    nav=(
        NavItem("resident", "appeals:answers", "bulb", _("Asked and answered"), EVERYBODY, 30),
        NavItem("officer", "appeals:knowledge", "bulb", _("Knowledge base"), MAY_READ_ARTICLES, 55),
        NavItem("resident", "appeals:report", "plus", _("Report"), EVERYBODY, 10),
        NavItem("resident", "appeals:track", "search", _("Find a matter"), EVERYBODY, 20),
        NavItem("officer", "appeals:topics", "flame", _("Hot topics"), MAY_ACCEPT, 50),
        NavItem("officer", "appeals:counter", "user", _("Counter"), MAY_ACCEPT, 55),
        NavItem("resident", "appeals:asked", "news", _("Questions of others"), EVERYBODY, 40),
        NavItem("officer", "appeals:imports", "plus", _("Take in a file"), MAY_ACCEPT, 60),
        NavItem("officer", "machines:interfaces", "share", _("Interfaces"), MANAGE_MACHINES, 90),
    ),
    panels=(
        Panel(
            "matter",
            "bihuan.scenes.appeals.steps.hear:panel",
            "appeals/_hear.html",
            MAY_ACCEPT,
            10,
        ),
        Panel(
            "worklist",
            "bihuan.scenes.appeals.panels:hot_topics",
            "appeals/_hot_topics.html",
            MAY_ACCEPT,
        ),
        Panel(
            "answer",
            "bihuan.scenes.appeals.knowledge.queries:suggest_for",
            "appeals/_articles.html",
            MAY_READ_ARTICLES,
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
        Subscription("appeals.article_due.v1", "bihuan.scenes.appeals.subscribers:remind_unit"),
        Subscription("cases.case_moved.v1", "bihuan.scenes.appeals.subscribers:tell_moved"),
    ),
)
