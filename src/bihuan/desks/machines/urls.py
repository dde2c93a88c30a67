"""Addresses of the administrator's desk."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.machines import pages

app_name = "machines"
urlpatterns = [
    path("", pages.interfaces, name="interfaces"),
    path("keys/", pages.keys_page, name="keys"),
    path("keys/make/", pages.make_key, name="make_key"),
    path("keys/<uuid:key_id>/revoke/", pages.revoke_key, name="revoke_key"),
    path("keys/<uuid:key_id>/hook/", pages.make_hook, name="make_hook"),
    path("hooks/<uuid:hook_id>/end/", pages.end_hook, name="end_hook"),
    path("calls/<int:call_id>/again/", pages.try_again, name="try_again"),
]
