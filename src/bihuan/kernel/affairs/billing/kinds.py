"""The channels of this installation, made known by configuration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bihuan.kernel.affairs.billing.types import Channel, Told


class Forged(Exception):
    """No key of the channel signed this. It is believed in nothing and leaves a line in a log."""


class Unreachable(Exception):
    """The channel gave no answer in time: what became of a payment is unknown."""


class Adapter(Protocol):
    """How one channel is spoken with. It verifies signatures; all other checks are the room's."""

    channel: Channel
    merchant: str

    def read(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Told:
        """Return what a notice tells, once its signature is verified.

        Raises:
            Forged: the signature does not fit, or it cannot be read.
        """
        ...

    def answer(self, *, accepted: bool) -> tuple[int, str, bytes]:
        """Return status, content type and body that the channel expects."""
        ...

    def ask(self, out_trade_no: str, *, at: datetime) -> Told:
        """Ask what became of a payment.

        Raises:
            Unreachable: no answer.
            Forged: an answer that the channel did not sign.
        """
        ...

    def close(self, out_trade_no: str) -> None:
        """Tell the channel to take no payment for this number any more.

        Raises:
            Unreachable: no answer.
        """
        ...

    def begin(
        self, out_trade_no: str, *, amount_fen: int, words: str, expires_at: datetime, notify: str
    ) -> str:
        """Open a payment at the channel and return the address at which the family pays.

        Raises:
            Unreachable: no answer.
        """
        ...


_adapters: dict[Channel, Adapter] = {}


def use_channel(adapter: Adapter) -> None:
    """Let a channel be spoken with by `adapter`; a later one takes its place (rotated keys)."""
    _adapters[adapter.channel] = adapter


def forget_channels() -> None:
    """Forget every channel."""
    _adapters.clear()


def find_channel(name: str) -> Adapter | None:
    """Return the adapter of a channel, or None when this installation does not use it."""
    return next((a for channel, a in _adapters.items() if channel.value == name), None)


def all_channels() -> tuple[Adapter, ...]:
    """Return every channel in use."""
    return tuple(_adapters.values())
