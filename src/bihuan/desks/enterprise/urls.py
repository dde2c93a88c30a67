"""Addresses of the enterprise's desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.enterprise import pages

app_name = "enterprise"
urlpatterns = [path("", pages.home, name="home")]
