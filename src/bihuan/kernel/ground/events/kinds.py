"""Who listens to which fact: filled at start-up, then sealed."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.kernel.ground.events.types import RecordedFact

Handler = Callable[[RecordedFact], None]

_handlers: dict[str, dict[str, Handler]] = {}
_sealed = False


def subscribe(fact_name: str, subscriber: str, handler: Handler) -> None:
    """Let `handler` receive every `fact_name`, at least once, after commit, safe to run twice."""
    if _sealed:
        raise RuntimeError(f"{subscriber} came after start-up was sealed")
    known = _handlers.setdefault(fact_name, {})
    if known.get(subscriber, handler) is not handler:
        raise RuntimeError(f"{subscriber} listens to {fact_name} twice")
    known[subscriber] = handler


def seal() -> None:
    """Refuse further subscribers."""
    global _sealed  # noqa: PLW0603  start-up has one moment when it ends
    _sealed = True


def subscribers_of(fact_name: str) -> tuple[str, ...]:
    """Return the names of those who listen to `fact_name`."""
    return tuple(_handlers.get(fact_name, {}))


def handler_of(fact_name: str, subscriber: str) -> Handler | None:
    """Return the function of `subscriber`, or None when a release has removed it."""
    return _handlers.get(fact_name, {}).get(subscriber)
