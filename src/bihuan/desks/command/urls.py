"""Addresses of the command desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.command import pages

app_name = "command"
urlpatterns = [
    path("", pages.wall, name="wall"),
    path("rows/<slug:code>/", pages.rows, name="rows"),
    path("town/<slug:code>/", pages.index, name="index"),
]
