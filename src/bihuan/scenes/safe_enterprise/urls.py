"""Addresses of the story."""

from __future__ import annotations

from django.urls import path

from bihuan.scenes.safe_enterprise import views

app_name = "safe_enterprise"
urlpatterns = [
    path("<uuid:firm>/code/", views.show_code, name="show_code"),
    path("<uuid:firm>/code/image/", views.image, name="image"),
]
