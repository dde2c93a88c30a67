"""Addresses of the officers' desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.officer import pages

app_name = "officer"
urlpatterns = [
    path("", pages.worklist, name="worklist"),
    path("matter/<int:case_id>/", pages.matter, name="matter"),
]
