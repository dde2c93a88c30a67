"""Addresses of the open face."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from bihuan.desks.public import demo

urlpatterns: list[URLPattern] = (
    [path("demo/", demo.accounts, name="demo")] if settings.BIHUAN_DEMO else []
)
