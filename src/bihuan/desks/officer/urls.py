"""Addresses of the officers' desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.officer import matter, worklist

app_name = "officer"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("matter/<int:case_id>/", matter.matter, name="matter"),
]
