"""Background work in the same database: procrastinate, with the few words that rooms need.

A room writes ``@queue.job("notices.send")`` or ``@queue.periodic("events.deliver", cron=…)`` on a
function that takes plain ids, and ``queue.defer("notices.send", notice_id=7)`` inside its
transaction: a rollback takes the job back too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import procrastinate
from django.db import connection
from procrastinate import exceptions
from procrastinate.contrib.django import app as _app

from bihuan.platform.database import prepared

Function = TypeVar("Function", bound=Callable[..., None])

_WAITS = """
    SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = $1 AND status = 'todo')
"""

_blueprint = procrastinate.Blueprint()
_names: dict[str, procrastinate.tasks.Task[Any, Any, Any]] = {}


def job(name: str, *, retry: int = 5) -> Callable[[Function], Function]:
    """Make a function a background job called `name`; it must be safe to run twice."""

    def register(function: Function) -> Function:
        strategy = procrastinate.RetryStrategy(max_attempts=retry, exponential_wait=3)
        _names[name] = _app.task(name=name, retry=strategy)(function)
        return function

    return register


def periodic(name: str, *, cron: str) -> Callable[[Function], Function]:
    """Make a function run by the calendar `cron`, and whenever it is woken."""

    def register(function: Function) -> Function:
        def on_time(timestamp: int = 0) -> None:
            function()

        task = _app.task(name=name, queueing_lock=name)(on_time)
        _app.periodic(cron=cron, periodic_id=name)(task)
        _names[name] = task
        return function

    return register


def defer(name: str, **arguments: Any) -> None:
    """Queue job `name` in the open transaction."""
    _names[name].defer(**arguments)


def wake(name: str) -> None:
    """Queue the periodic job `name` once more, unless it is already waiting."""
    with connection.cursor() as cursor:
        prepared.execute(cursor, _WAITS, [name])
        (waits,) = cursor.fetchone()
    if not waits:
        try:
            _names[name].defer(timestamp=0)
        except exceptions.AlreadyEnqueued:
            connection.close_if_unusable_or_obsolete()
