"""Every address of the product: what the stage knows, what the desks add."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bihuan.kernel.ground.registry.web.posts import choose_post
from bihuan.platform.accounts.urls import demo_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("in/", include("bihuan.platform.accounts.urls")),
    path("in/post/", choose_post, name="choose_post"),
    *demo_patterns(),
]
