"""Addresses of the books."""

from __future__ import annotations

from django.urls import path

from bihuan.kernel.tools.ledger.web import views

app_name = "ledger"
urlpatterns = [
    path("", views.books, name="books"),
    path("<slug:book>/", views.trial, name="trial"),
    path("<slug:book>/trial.xlsx", views.trial_sheet, name="trial_sheet"),
    path("<slug:book>/<str:account>/", views.card, name="card"),
    path("<slug:book>/<str:account>/card.xlsx", views.card_sheet, name="card_sheet"),
]
