"""Addresses under ``/in/``; their names are the ones that allauth looks for."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from bihuan.platform.accounts import outside, views

urlpatterns = [
    path("", views.sign_in, name="account_login"),
    path("out/", views.sign_out, name="account_logout"),
    path("closed/", views.inactive, name="account_inactive"),
    path("again/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.change_password, name="account_change_password"),
    path("me/", views.own_account, name="account_own"),
    path("me/", views.own_account, name="mfa_index"),
    path("sessions/<int:session_id>/end/", views.end_session, name="account_end_session"),
    path("factor/", views.enter_factor, name="mfa_authenticate"),
    path("factor/again/", views.reenter_factor, name="mfa_reauthenticate"),
    path("factor/set-up/", views.activate_factor, name="mfa_activate_totp"),
    path("factor/drop/", views.drop_factor, name="mfa_deactivate_totp"),
    path("factor/codes/", views.show_codes, name="mfa_view_recovery_codes"),
    path("factor/codes/new/", views.make_codes, name="mfa_generate_recovery_codes"),
    path("elsewhere/", outside.sign_in_elsewhere, name="elsewhere_sign_in"),
    path("elsewhere/back/", outside.come_back, name="elsewhere_back"),
    path("elsewhere/link/", outside.link, name="elsewhere_link"),
    path("elsewhere/end/", outside.end_link, name="elsewhere_end"),
]


def demo_patterns() -> list[URLPattern]:
    """Return the demo's one-click addresses; none at all outside the demo."""
    if not settings.BIHUAN_DEMO:
        return []
    return [path("demo/as/<str:username>", views.enter_as, name="demo_as")]
