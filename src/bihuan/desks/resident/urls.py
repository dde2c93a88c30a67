"""Addresses of the resident's desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.resident import messages, pages, privacy

app_name = "resident"
urlpatterns = [
    path("", pages.home, name="home"),
    path("matters/", pages.matters, name="matters"),
    path("privacy/", privacy.own, name="privacy"),
    path("privacy/consent/", privacy.consent, name="consent"),
    path("privacy/mandate/", privacy.mandate, name="mandate"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/how/", messages.ways, name="ways"),
    path("messages/<int:notice_id>/", messages.read, name="message"),
]
