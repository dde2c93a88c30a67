"""The real house with one fail-point: the command has committed, its answer has not been sent.

Here a sender cannot know what became of it. Nothing else differs from what is served.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings.prod")
application = get_wsgi_application()

from bihuan.kernel.ground.registry import web as registry_web  # noqa: E402
from bihuan.kernel.stage import steps  # noqa: E402
from bihuan.platform.web import commands  # noqa: E402

BETWEEN_COMMIT_AND_ANSWER = 0.05
real = commands.perform


def perform(
    sent: commands.Sent, effect: Callable[[], dict[str, Any]], *, at: datetime
) -> commands.Performed:
    """Perform, commit, and stand still before the answer leaves, in every third command."""
    done = real(sent, effect, at=at)
    if not connection.in_atomic_block and random.random() < 1 / 3:
        Path(os.environ["BIHUAN_FAIL_POINT"]).write_text(str(os.getpid()))
        time.sleep(BETWEEN_COMMIT_AND_ANSWER)
    return done


registry_web.perform = perform
steps.perform = perform
