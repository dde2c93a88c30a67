"""Addresses of the story."""

from __future__ import annotations

from django.urls import path

from bihuan.scenes.industrial_grid.steps import checklist, report

app_name = "industrial_grid"
urlpatterns = [
    path("report/", report.show, name="report"),
    path("checklist/", checklist.show, name="checklist"),
]
