"""Reactions of matters to facts of rooms below; safe to run twice."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.kernel.affairs.cases import kinds
from bihuan.kernel.affairs.cases.operations.opening import open_case
from bihuan.kernel.affairs.cases.types import MAY_RAISE, Opens
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import RecordedFact
from bihuan.kernel.ground.registry import api as registry


def opener(opens: Opens, raising: kinds.Raising) -> Callable[[RecordedFact], None]:
    """Return a subscriber that opens a matter for each fact, once for each cause.

    The acceptance clock starts when the fact was recorded: the moment at which the centre
    received it, however late this delivery is.
    """

    def react(fact: RecordedFact) -> None:
        what = raising(fact)
        if what is None:
            return
        scope = registry.system_scope(f"opens.{opens.kind}", (MAY_RAISE,))
        open_case(what, scope=scope.through(fact.origin), at=fact.at)

    return react


def listen() -> None:
    """Subscribe every opening that the scenes declared."""
    for opens, raising in kinds.all_opens():
        events.subscribe(opens.on, f"cases.opens.{opens.kind}", opener(opens, raising))
