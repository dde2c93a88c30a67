"""Addresses of questionnaires; filling one in belongs to a scene."""

from __future__ import annotations

from django.urls import path

from bihuan.kernel.tools.assessments.web import views

app_name = "assessments"
urlpatterns = [
    path("", views.versions, name="versions"),
    path("result/<uuid:assessment_id>/", views.result, name="result"),
    path("<str:code>/definition.json", views.definition, name="definition"),
    path("<str:code>/<int:number>/", views.preview, name="preview"),
]
