"""Addresses of the open face."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from bihuan.desks.public import check, data, demo, figures, papers

urlpatterns: list[URLPattern] = [
    path("c/<str:text>/", check.check, name="check_code"),
    path("d/", papers.ask, name="verify_paper"),
    path("d/<str:code>/", papers.verify, name="verify_code"),
    path("figures/", figures.figures, name="open_figures"),
    path("figures/open.csv", figures.sheet, name="open_data"),
    path("figures/open.json", data.as_json, name="open_json"),
    path("figures/data/", data.dictionary, name="open_dictionary"),
]
if settings.BIHUAN_DEMO:
    urlpatterns.append(path("demo/", demo.accounts, name="demo"))
