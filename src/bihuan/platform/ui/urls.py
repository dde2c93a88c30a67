"""Addresses of the design system."""

from __future__ import annotations

from django.urls import path

from bihuan.platform.ui import views

app_name = "ui"
urlpatterns = [
    path("look/", views.choose_look, name="look"),
    path("gallery/", views.gallery, name="gallery"),
]
