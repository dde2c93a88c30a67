"""What this room announces. A notice itself names the fact that caused it and needs none."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.ground.events.types import Fact


@dataclass(frozen=True, slots=True)
class NoticeUndeliverable(Fact):
    """Every way out failed for good; the notice stands in the inbox, and a person should call."""

    name = "notices.undeliverable.v1"
    kind: str
    channel: str
    why: str
    area_path: str


@dataclass(frozen=True, slots=True)
class DeliveryResent(Fact):
    """A duty officer had a failed delivery sent again."""

    name = "notices.delivery_resent.v1"
    delivery: str
    channel: str


@dataclass(frozen=True, slots=True)
class ChannelsChosen(Fact):
    """Somebody chose by which ways they do not want to be told."""

    name = "notices.channels_chosen.v1"
    off: tuple[str, ...]
