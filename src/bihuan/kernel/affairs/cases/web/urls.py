"""Addresses of moves; the pages around them belong to desks and scenes."""

from __future__ import annotations

from django.urls import path

from bihuan.kernel.affairs.cases.web import checking, views

app_name = "cases"
urlpatterns = [
    path("<int:case_id>/dispatch/", views.dispatch, name="dispatch"),
    path("<int:case_id>/verify/", checking.verify, name="verify"),
    path("<int:case_id>/call-back/", checking.call_back, name="call_back"),
    path("<int:case_id>/<slug:move>/", views.move, name="move"),
    path("part/<int:part_id>/<slug:move>/", views.move_part, name="move_part"),
]
