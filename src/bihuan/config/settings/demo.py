"""Settings of `make demo`: on the loopback, one-click accounts, no secret worth keeping."""

from __future__ import annotations

import os

from bihuan.config.settings.base import *  # noqa: F403
from bihuan.config.settings.base import ROOT
from bihuan.platform.database.server import home_for

SECRET_KEY = os.environ.get("BIHUAN_SECRET_KEY", "demo-" + "0" * 45)
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
BIHUAN_DEMO = True
BIHUAN_STRICT_PAGES = True
BIHUAN_KEYS = os.environ.get("BIHUAN_KEYS", str(home_for(ROOT) / "keys"))
BIHUAN_MAKE_KEYS = True
BIHUAN_STAND_INS = True
BIHUAN_LOOPBACK = True
BIHUAN_CHANNELS = {"sms": "bihuan.kernel.tools.notices.channels:FileChannel"}
BIHUAN_OUTBOX = home_for(ROOT) / "outbox.jsonl"
"""The demo sends nothing: what would be a text message is a line of this file."""
