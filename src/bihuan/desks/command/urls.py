"""Addresses of the command desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.command import figures, pages, town

app_name = "command"
urlpatterns = [
    path("", pages.wall, name="wall"),
    path("figures/", figures.figures, name="figures"),
    path("figures/export/", figures.export, name="export"),
    path("rows/<slug:code>/", figures.rows, name="rows"),
    path("town/<slug:code>/", town.index, name="index"),
]
