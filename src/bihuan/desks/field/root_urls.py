"""The one address of the desk at the root: a worker governs what lies below its own address."""

from __future__ import annotations

from django.urls import path

from bihuan.desks.field.shell import service_worker

urlpatterns = [path("sw.js", service_worker, name="service_worker")]
