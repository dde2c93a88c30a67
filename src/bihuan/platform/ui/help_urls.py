"""Addresses of the help."""

from __future__ import annotations

from django.urls import path

from bihuan.platform.ui import help_views

app_name = "help"
urlpatterns = [
    path("", help_views.index, name="index"),
    path("tour/", help_views.tour, name="tour"),
    path("<slug:key>/", help_views.show, name="page"),
]
