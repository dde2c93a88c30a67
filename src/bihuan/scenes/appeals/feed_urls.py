"""Addresses to which the systems outside send."""

from __future__ import annotations

from django.urls import path

from bihuan.scenes.appeals.steps import feed

app_name = "feeds"
urlpatterns = [path("<slug:code>/", feed.push, name="push")]
