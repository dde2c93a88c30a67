"""Addresses of the resident's desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.resident import pages

app_name = "resident"
urlpatterns = [
    path("", pages.home, name="home"),
    path("matters/", pages.matters, name="matters"),
]
