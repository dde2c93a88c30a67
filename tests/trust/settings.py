"""Production settings whose outside lies on the loopback: for the test of the outbox."""

from __future__ import annotations

from bihuan.config.settings.prod import *  # noqa: F403

BIHUAN_LOOPBACK = True
BIHUAN_CHANNELS = {"sms": "tests.trust.outside:HttpChannel"}
