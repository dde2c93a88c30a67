"""Named places where a test may stop a process, as a power cut would.

``reach("notices.after_adapter")`` does nothing unless a test has armed that name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

_armed: dict[str, Callable[[], None]] = {}


class Killed(BaseException):
    """The process ended here. No handler of ordinary errors catches it."""


def reach(name: str) -> None:
    """Pass the place called `name`."""
    action = _armed.get(name)
    if action is not None:
        action()


def die() -> None:
    """End, as if killed."""
    raise Killed


@contextlib.contextmanager
def armed(name: str, action: Callable[[], None] = die) -> Iterator[None]:
    """Let `action` happen at the place called `name` inside the block."""
    _armed[name] = action
    try:
        yield
    finally:
        del _armed[name]
