"""Addresses for channels."""

from __future__ import annotations

from django.urls import path

from bihuan.kernel.affairs.billing.web import views

app_name = "billing"
urlpatterns = [path("notice/<slug:channel>/", views.notice, name="notice")]
