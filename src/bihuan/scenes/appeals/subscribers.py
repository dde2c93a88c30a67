"""Reactions to facts: whoever gave a matter, and whoever asked to hear, is told how it stands."""

from __future__ import annotations

from typing import Any

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.types import MAY_SEE
from bihuan.kernel.ground.events.types import RecordedFact
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.types import UnitId, unit_ref
from bihuan.kernel.stage import api as stage
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.types import MAY_SEND, News, NoticeCode
from bihuan.platform.adapters import arriving, calling, connecting, hooks
from bihuan.platform.adapters import kinds as systems

OPENED, MOVED = "matter.opened", "matter.moved"
TOPICS = (OPENED, MOVED)
"""What an address may ask to hear of."""


def tell_opened(fact: RecordedFact) -> None:
    """Tell of a matter that was received. Safe to run twice."""
    _tell(fact, OPENED, "reported")


def tell_moved(fact: RecordedFact) -> None:
    """Tell of a matter that came to another state; what was only added to it stays here."""
    if fact.payload["source"] != fact.payload["target"]:
        _tell(fact, MOVED, fact.payload["target"])


def _tell(fact: RecordedFact, topic: str, state: str) -> None:
    _tell_givers(fact, state)
    _tell_hooks(fact, topic, state)


def _tell_givers(fact: RecordedFact, state: str) -> None:
    """Have the state brought back to each system that gave the matter, under its number there."""
    for code, number in arriving.origins_of(str(fact.subject)):
        system = systems.find(code)
        if system is None or not system.answers or not connecting.is_connected(code):
            continue
        body: dict[str, Any] = {
            "number": number,
            "matter": fact.payload["number"],
            "state": state,
            "at": fact.at.isoformat(),
            "sequence": fact.id,
        }
        target = calling.to_system(code)
        calling.call(target, "status", key=f"fact-{fact.id}", body=body, at=fact.at)


def _tell_hooks(fact: RecordedFact, topic: str, state: str) -> None:
    """Have each address told that hears of `topic` and whose key sees the matter."""
    body = {
        "type": topic,
        "at": fact.at.isoformat(),
        "sequence": fact.id,
        "data": {
            "number": fact.payload["number"],
            "kind": fact.payload["kind"],
            "class_code": fact.payload["class_code"],
            "area_code": fact.payload["area_path"].strip("/").rsplit("/", 1)[-1],
            "state": state,
        },
    }
    for hook, key in hooks.list_hooks(topic=topic, at=fact.at):
        scope = stage.scope_of_key(key)
        if scope.has(MAY_SEE) and cases.may_see_ref(scope, fact.subject):
            target = f"hook:{hook.id}"
            calling.call(target, topic, key=f"fact-{fact.id}", body=body, at=fact.at)


def remind_unit(fact: RecordedFact) -> None:
    """Tell a unit that one of its articles is to be looked at again. Safe to run twice."""
    news = News(
        kind=NoticeCode("appeals.article_due"),
        cause=fact.id,
        subject=fact.subject,
        params={"number": fact.payload["number"], "day": fact.payload["review_on"]},
        area_path=fact.payload["area_path"],
    )
    scope = registry.system_scope("appeals.knowledge", (MAY_SEND,))
    to = unit_ref(UnitId(fact.payload["unit_id"]))
    notices.send_notice(news, to=to, scope=scope, at=fact.at)
