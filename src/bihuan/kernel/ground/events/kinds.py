"""Who listens to which fact: filled at start-up, then sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bihuan.kernel.ground.events.types import RecordedFact

Handler = Callable[[RecordedFact], None]

_handlers: dict[str, dict[str, Handler]] = {}
_wanted: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
_sealed = False


def subscribe(
    fact_name: str,
    subscriber: str,
    handler: Handler,
    *,
    where: tuple[tuple[str, str], ...] = (),
) -> None:
    """Let `handler` receive every `fact_name`, at least once, after commit, safe to run twice.

    `where` narrows it to facts whose payload has these values; for others no delivery is written.
    """
    if _sealed:
        raise RuntimeError(f"{subscriber} came after start-up was sealed")
    known = _handlers.setdefault(fact_name, {})
    if known.get(subscriber, handler) is not handler:
        raise RuntimeError(f"{subscriber} listens to {fact_name} twice")
    known[subscriber] = handler
    _wanted[fact_name, subscriber] = where


def seal() -> None:
    """Refuse further subscribers."""
    global _sealed  # noqa: PLW0603  start-up has one moment when it ends
    _sealed = True


def subscribers_of(fact_name: str, payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of those who listen to `fact_name` with such a payload."""
    return tuple(
        name
        for name in _handlers.get(fact_name, {})
        if all(payload.get(key) == value for key, value in _wanted.get((fact_name, name), ()))
    )


def handler_of(fact_name: str, subscriber: str) -> Handler | None:
    """Return the function of `subscriber`, or None when a release has removed it."""
    return _handlers.get(fact_name, {}).get(subscriber)
