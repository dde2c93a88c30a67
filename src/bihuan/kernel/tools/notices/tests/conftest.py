"""Kinds of notices for one test, a channel that remembers, and a world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import transaction

from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import SYSTEM, Fact, FactId, Ref
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.ground.registry.types import REACH_PEOPLE, Scope
from bihuan.kernel.tools.notices import kinds
from bihuan.kernel.tools.notices.types import (
    MAY_REPORT,
    MAY_SEND,
    SMS,
    VOICE,
    WECHAT,
    AddressKind,
    Audience,
    Message,
    News,
    NoticeCode,
    NoticeKind,
    Receipt,
    UnableToSend,
    Urgency,
)
from bihuan.platform.clock import CHINA

TEST = "bihuan.kernel.tools.notices.tests.conftest:Remembering"
TALLY, ALARM, RIGHTS = (NoticeCode(f"test.{word}") for word in ("tally", "alarm", "rights"))
AREA = "3304/330424/330424005/"


def at(text: str) -> datetime:
    """Return a moment in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


NINE = at("2026-06-24T09:00")


@dataclass(frozen=True, slots=True)
class Happened(Fact):
    """Something to tell of."""

    name = "test.happened.v1"


class Remembering:
    """A provider that keeps what it gets, each key once, and fails on demand."""

    received: list[Message] = []
    effects: dict[str, Message] = {}
    fails: dict[str, list[Exception]] = {}
    arrives = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = AddressKind.OWN_ID if name == WECHAT else AddressKind.PHONE
        self.is_public = name in {SMS, VOICE}

    def send(self, message: Message) -> Receipt:
        Remembering.received.append(message)
        waiting = Remembering.fails.get(self.name, [])
        if waiting:
            raise waiting.pop(0) if len(waiting) > 1 else waiting[0]
        Remembering.effects.setdefault(message.key, message)
        return Receipt(f"{self.name}:{message.key}", has_arrived=Remembering.arrives)

    @classmethod
    def forget(cls) -> None:
        cls.received, cls.effects, cls.fails, cls.arrives = [], {}, {}, True


@pytest.fixture(autouse=True)
def provider(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Remembering]]:
    """Serve SMS, voice and WeChat by the remembering provider; declare three kinds."""
    settings.BIHUAN_CHANNELS = {SMS: TEST, VOICE: TEST, WECHAT: TEST}
    words = "%(number)s rests for now."
    more = (("due_at", "To be done by %(due_at)s."),)
    declared = (
        NoticeKind(TALLY, "Suspended", words, Audience.PERSON, more, (WECHAT, SMS)),
        NoticeKind(ALARM, "Suspended", words, Audience.PERSON, more, (SMS, VOICE), Urgency.URGENT),
        NoticeKind(RIGHTS, "Suspended", words, Audience.RAISER, (), (SMS,), is_legal=True),
    )
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    for kind in declared:
        kinds.declare_kind(kind)
    Remembering.forget()
    yield Remembering
    Remembering.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def sender() -> Scope:
    """Return the scope of the job and of the provider's adapter."""
    return registry.system_scope("test", (MAY_SEND, MAY_REPORT, REACH_PEOPLE))


def happened(moment: datetime = NINE) -> FactId:
    """Record that something happened."""
    with transaction.atomic():
        fact = events.record(Happened(Ref("test.thing", "1")), origin=SYSTEM, at=moment)
    return fact.id


def news(kind: NoticeCode = TALLY, cause: FactId | None = None, **more: object) -> News:
    """Return news of a matter."""
    return News(
        kind=kind,
        cause=cause or happened(),
        subject=Ref("test.thing", "1"),
        params={"number": "HY-2606-0001", "due_at": at("2026-06-26T17:00")},
        area_path=AREA,
        **more,  # type: ignore[arg-type]
    )


BROKEN = UnableToSend("the line to 13912345678 is down")
