"""Addresses of the enterprise's desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.enterprise import messages, pages

app_name = "enterprise"
urlpatterns = [
    path("", pages.home, name="home"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/how/", messages.ways, name="ways"),
    path("messages/<int:notice_id>/", messages.read, name="message"),
]
