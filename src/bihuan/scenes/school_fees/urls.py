"""Addresses of the story."""

from __future__ import annotations

from django.urls import path

from bihuan.scenes.school_fees.steps import order, pay, simulator

app_name = "school_fees"
urlpatterns = [
    path("", pay.show, name="pay"),
    path("order/<str:number>/", order.show, name="order"),
    path("order/<str:number>/cancel/", order.cancel, name="cancel"),
    path("simulator/<str:number>/", simulator.show, name="simulator"),
]
