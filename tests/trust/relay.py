"""Relays that may be killed: the product is loaded once, then workers are forked and replaced.

``python -m tests.trust.relay FOLDER`` runs beside a town. Each relay does what the worker does:
facts to their subscribers, notices to their channels, calls to systems and hooks. Files of FOLDER
steer it: ``clock`` holds the seconds by which the simulated clock is ahead, ``careless`` makes the
control (marked as sent before it is sent), ``poison`` and ``deadly`` name matters whose facts no
subscriber can bear: one raises, one ends the process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

RELAYS = 2
AT_ONCE = 20
"""Facts that are brought before the other two jobs have their turn, so that all go on together."""
NOTED = "INSERT INTO trust_heard (fact_id, subscriber, subject_key) VALUES (%s, %s, %s)"


def _word(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text().strip() if path.exists() else ""


def _watch(folder: Path) -> None:
    """Note each fact that a subscriber heard, in the transaction of what he did about it."""
    from django.db import connection

    from bihuan.kernel.ground.events import kinds

    real = kinds.handler_of

    def handler_of(name: str, subscriber: str) -> Any:
        handler = real(name, subscriber)

        def hear(fact: Any) -> None:
            if fact.subject.key in _word(folder, "deadly").split():
                os.kill(os.getpid(), signal.SIGKILL)
            if fact.subject.key in _word(folder, "poison").split():
                raise ValueError("nobody can bear this")
            if handler is not None:
                handler(fact)
            with connection.cursor() as cursor:
                cursor.execute(NOTED, [fact.id, subscriber, fact.subject.key])

        return hear

    kinds.handler_of = handler_of


def _be_careless(folder: Path) -> None:
    """Mark as done, commit, and only then hand over: the mistake that the outbox avoids."""
    from django.db import transaction

    from bihuan.kernel.ground.events import operations
    from bihuan.kernel.ground.events.models import Delivery

    def deliver_one(at: datetime) -> bool:
        with transaction.atomic():
            rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            row = rows.select_related("fact").filter(state="pending").order_by("fact_id").first()
            if row is None:
                return False
            row.state, row.done_at = Delivery.State.DONE, at
            row.save(update_fields=["state", "done_at"])
        (folder / "between").write_text(str(os.getpid()))
        time.sleep(0.2)
        with transaction.atomic():
            operations._hand_over(row)
        return True

    operations._deliver_one = deliver_one


def _relay(folder: Path) -> None:
    """Do the jobs again and again, by the simulated clock."""
    from bihuan.kernel.ground.events import api as events
    from bihuan.kernel.tools.notices import jobs as notices
    from bihuan.platform import clock
    from bihuan.platform.adapters import jobs as calls

    began = clock.now

    def now() -> datetime:
        return began() + timedelta(seconds=float(_word(folder, "clock") or 0))

    clock.now = now
    if _word(folder, "careless"):
        _be_careless(folder)
    while True:
        events.deliver_pending(at=clock.now(), limit=AT_ONCE)
        notices.send()
        calls.carry()
        time.sleep(0.02)


def main(folder: Path) -> None:
    """Load, then keep relays."""
    django.setup()
    _watch(folder)
    relays: set[int] = set()
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(pid, signal.SIGKILL) for pid in relays])
    while not (folder / "stop").exists():
        while len(relays) < RELAYS:
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                _relay(folder)
            relays.add(pid)
        ended, _status = os.waitpid(-1, os.WNOHANG)
        relays.discard(ended)
        time.sleep(0.005)
    for pid in relays:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
