"""Rendering: one frozen value, no query."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.template import loader

from bihuan.platform.web.requests import Request


class QueryWhileRendering(RuntimeError):
    """A template reached the database. Put what it needs into the page's value."""


@contextlib.contextmanager
def no_queries() -> Iterator[None]:
    """Refuse every query inside, in development and tests."""
    if not settings.BIHUAN_STRICT_PAGES:
        yield
        return

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise QueryWhileRendering(sql[:300])

    with connection.execute_wrapper(refuse):
        yield


def page(request: Request, template: str, value: Any, *, status: int = 200) -> HttpResponse:
    """Render `template` with the dataclass `value` as its context, as ``page`` and by field name.

    A template with ``#fragment`` answers an htmx request with that part alone.
    """
    fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    _ = request.user.is_authenticated  # the session is read before rendering begins
    with no_queries():
        text = loader.render_to_string(template, {"page": value, **fields}, request)
    return HttpResponse(text, status=status)
