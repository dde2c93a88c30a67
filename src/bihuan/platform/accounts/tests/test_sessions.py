"""A session that cannot be saved says why."""

from __future__ import annotations

from importlib import import_module
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError

pytestmark = pytest.mark.django_db


def _store():
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["seen_at"] = 1
    store.create()
    return store


def test_a_database_that_is_away_is_not_a_bad_request() -> None:
    store = _store()
    gone = OperationalError("server closed the connection unexpectedly")
    away = mock.patch.object(store.model, "save", side_effect=gone)
    with away, pytest.raises(OperationalError):
        store.save()


def test_a_session_that_was_ended_meanwhile_is() -> None:
    store = _store()
    store.model.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
