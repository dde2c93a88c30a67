"""Ways out of the house. Which adapter serves which channel, the settings say.

``BIHUAN_CHANNELS = {"sms": "bihuan.kernel.tools.notices.channels:FileChannel"}``. An adapter of a
provider is a class with the shape of `types.Channel`, made with the channel's name.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from bihuan.kernel.tools.notices.types import (
    EMAIL,
    SMS,
    VOICE,
    AddressKind,
    Channel,
    ChannelName,
    Message,
    Receipt,
)

BY_PHONE = frozenset({SMS, VOICE})
READ_ALONG = frozenset({SMS, VOICE, EMAIL})


class FileChannel:
    """Appends each message as one JSON line to a file: for demos, trials and handing over by hand.

    The address is written masked. A message that is sent again has the same key: who reads the
    file takes each key once.
    """

    def __init__(self, name: ChannelName) -> None:
        self.name = name
        self.address = AddressKind.PHONE if name in BY_PHONE else AddressKind.OWN_ID
        self.is_public = name in READ_ALONG

    def send(self, message: Message) -> Receipt:
        """Append the line and force it to the disk before saying that it is sent."""
        line = json.dumps(self.line(message), ensure_ascii=False) + "\n"
        self.write(line)
        return Receipt(provider_id=f"file:{message.key}", has_arrived=True)

    def line(self, message: Message) -> dict[str, str]:
        """Return what is written, with the address masked."""
        masked = self.address is AddressKind.PHONE
        to = f"{message.to[:3]}****{message.to[-4:]}" if masked else message.to
        return {
            "key": message.key,
            "channel": self.name,
            "to": to,
            "title": message.title,
            "text": message.text,
        }

    def write(self, line: str) -> None:
        """Append one line; one write call, so that two senders never mix theirs."""
        path = Path(settings.BIHUAN_OUTBOX)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)


class ConsoleChannel(FileChannel):
    """Writes each message to standard output, the address masked: for development."""

    def write(self, line: str) -> None:
        """Write one line."""
        os.write(1, line.encode())


def configured() -> frozenset[ChannelName]:
    """Return the channels that this installation has, besides the inbox."""
    return frozenset(ChannelName(name) for name in settings.BIHUAN_CHANNELS)


def find_channel(name: ChannelName) -> Channel | None:
    """Return the adapter of a channel, or None when the settings name none."""
    dotted = settings.BIHUAN_CHANNELS.get(name)
    return _made(name, dotted) if dotted else None


@lru_cache(maxsize=32)
def _made(name: ChannelName, dotted: str) -> Channel:
    adapter: Channel = import_string(dotted.replace(":", "."))(name)
    return adapter
