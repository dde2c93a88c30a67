"""Every address of the product: what the platform and the rooms bring, the desks, the scenes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bihuan.kernel.ground.registry.web.posts import choose_post
from bihuan.kernel.stage import api as stage
from bihuan.kernel.tools.documents.web import evidence, paper
from bihuan.platform.accounts.urls import demo_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("in/", include("bihuan.platform.accounts.urls")),
    path("in/post/", choose_post, name="choose_post"),
    path("ui/", include("bihuan.platform.ui.urls")),
    path("help/", include("bihuan.platform.ui.help_urls")),
    path("evidence/<int:evidence_id>/", evidence, name="evidence"),
    path("papers/<int:paper_id>.pdf", paper, name="paper"),
    path("move/", include("bihuan.kernel.affairs.cases.web.urls")),
    path("assessments/", include("bihuan.kernel.tools.assessments.web.urls")),
    path("pay/", include("bihuan.kernel.affairs.billing.web.urls")),
    path("books/", include("bihuan.kernel.tools.ledger.web.urls")),
    path("desk/", include("bihuan.desks.officer.urls")),
    path("machines/", include("bihuan.desks.machines.urls")),
    path("wall/", include("bihuan.desks.command.urls")),
    path("", include("bihuan.desks.field.root_urls")),
    path("field/", include("bihuan.desks.field.urls")),
    path("enterprise/", include("bihuan.desks.enterprise.urls")),
    *(path(f"{scene.prefix}/", include(scene.urls)) for scene in stage.scenes() if scene.urls),
    *(path(at, include(dotted)) for scene in stage.scenes() for at, dotted in scene.mounts),
    path("", include("bihuan.desks.resident.urls")),
    path("", include("bihuan.desks.public.urls")),
    *demo_patterns(),
]
