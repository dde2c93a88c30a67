"""Addresses of moves; the pages around them belong to desks and scenes."""

from __future__ import annotations

from django.urls import path

from bihuan.kernel.affairs.cases.web import views

app_name = "cases"
urlpatterns = [
    path("<int:case_id>/dispatch/", views.dispatch, name="dispatch"),
    path("<int:case_id>/verify/", views.verify, name="verify"),
    path("<int:case_id>/<slug:move>/", views.move, name="move"),
    path("part/<int:part_id>/<slug:move>/", views.move_part, name="move_part"),
]
