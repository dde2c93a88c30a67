"""Each way out of the house is opened by one word of the settings, and by nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bihuan.kernel.tools.notices import channels
from bihuan.kernel.tools.notices.types import CHANNELS, INBOX, ChannelName, Message

OUTSIDE = [name for name in CHANNELS if name != INBOX]
ADAPTER = "bihuan.kernel.tools.notices.channels:FileChannel"


@pytest.mark.parametrize("name", OUTSIDE)
def test_one_word_opens_one_way(name: ChannelName, settings: Any, tmp_path: Path) -> None:
    """The adapter that is named carries the message; the other ways stay shut."""
    settings.BIHUAN_OUTBOX = tmp_path / "outbox.jsonl"
    settings.BIHUAN_CHANNELS = dict([f"{name}={ADAPTER}".split("=", 1)])
    found = channels.find_channel(name)
    assert found is not None
    found.send(Message("key-1", "13900000101", "闭环", "HY-2611-00001 已办结"))
    line = json.loads(settings.BIHUAN_OUTBOX.read_text(encoding="utf-8"))
    assert (line["channel"], line["key"]) == (name, "key-1")
    assert channels.configured() == {name}
    assert [channels.find_channel(other) for other in OUTSIDE if other != name] == [None] * 5
