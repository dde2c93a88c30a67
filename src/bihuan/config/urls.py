"""Every address of the product: what the stage knows, what the desks add."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from bihuan.platform.accounts.urls import demo_patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("in/", include("bihuan.platform.accounts.urls")),
    *demo_patterns(),
]
