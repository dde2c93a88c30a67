"""Addresses of the command desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.command import atlas, duty, figures, ladder, pages, town

app_name = "command"
urlpatterns = [
    path("", pages.wall, name="wall"),
    path("map/", atlas.show, name="map_own"),
    path("map/<slug:code>/", atlas.show, name="map"),
    path("days/<slug:code>/<str:day>/<slug:what>/", atlas.day_rows, name="day_rows"),
    path("ladder/", ladder.show, name="ladder"),
    path("duty/", duty.show, name="duty"),
    path("figures/", figures.figures, name="figures"),
    path("figures/export/", figures.export, name="export"),
    path("rows/<slug:code>/", figures.rows, name="rows"),
    path("town/<slug:code>/", town.index, name="index"),
]
