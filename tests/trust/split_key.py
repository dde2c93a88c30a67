"""The control of the kill tests: a build in which a command's id commits apart from its effect.

This is the mistake that `platform/web/commands.py` does not make. Between the two commits stands a
named fail-point of a tenth of a second, where a real effect would be talking to something slow.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.prod")
application = get_wsgi_application()

from bihuan.kernel.ground.registry import web as registry_web  # noqa: E402
from bihuan.kernel.stage import steps  # noqa: E402
from bihuan.platform.database import prepared  # noqa: E402
from bihuan.platform.web import commands  # noqa: E402

BETWEEN_KEY_AND_EFFECT = 0.1


def perform(
    sent: commands.Sent, effect: Callable[[], dict[str, Any]], *, at: datetime
) -> commands.Performed:
    """Claim, commit, and only then do."""
    key = (sent.sender, sent.command_id)
    with transaction.atomic(), connection.cursor() as cursor:
        prepared.execute(cursor, commands._INSERT, (*key, sent.name, sent.fingerprint(), at))
        made = cursor.fetchone()
        if made is None:
            prepared.execute(cursor, commands._FIND, key)
            fingerprint, answer = cursor.fetchone()
            return commands._again(sent, fingerprint, answer)
    Path(os.environ["BIHUAN_FAIL_POINT"]).write_text(str(os.getpid()))
    time.sleep(BETWEEN_KEY_AND_EFFECT)
    with transaction.atomic(), connection.cursor() as cursor:
        answer = effect()
        prepared.execute(cursor, commands._KEEP, (json.dumps(answer), made[0]))
    return commands.Performed(answer, repeated=False)


registry_web.perform = perform  # type: ignore[assignment]
steps.perform = perform  # type: ignore[assignment]
