"""Addresses of the standard."""

from __future__ import annotations

from django.urls import re_path

from bihuan.scenes.appeals.open311 import views

FORM = r"\.(?P<form>json|xml)$"

app_name = "open311"
urlpatterns = [
    re_path(rf"^discovery{FORM}", views.discovery, name="discovery"),
    re_path(rf"^v2/services{FORM}", views.services, name="services"),
    re_path(rf"^v2/services/(?P<code>[a-z_]+){FORM}", views.definition, name="definition"),
    re_path(rf"^v2/requests{FORM}", views.requests, name="requests"),
    re_path(rf"^v2/requests/(?P<number>[A-Za-z0-9-]+){FORM}", views.one_request, name="request"),
    re_path(rf"^v2/tokens/(?P<token_id>[A-Za-z0-9-]+){FORM}", views.token, name="token"),
]
