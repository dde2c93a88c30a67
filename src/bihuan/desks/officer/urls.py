"""Addresses of the officers' desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.officer import matter, messages, worklist

app_name = "officer"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("matter/<int:case_id>/", matter.matter, name="matter"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/how/", messages.ways, name="ways"),
    path("messages/stuck/", messages.stuck, name="stuck"),
    path("messages/<int:notice_id>/", messages.read, name="message"),
]
