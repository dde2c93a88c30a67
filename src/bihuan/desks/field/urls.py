"""Addresses of the field desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.field import shell, sync, today, uploads

app_name = "field"
urlpatterns = [
    path("", shell.show, name="app"),
    path("manifest.webmanifest", shell.web_manifest, name="manifest"),
    path("today.json", today.show, name="today"),
    path("sync/", sync.receive, name="sync"),
    path("upload/", uploads.begin, name="upload"),
    path("upload/<slug:digest>/", uploads.append, name="piece"),
]
