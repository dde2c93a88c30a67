"""Clerks at the same moment: one wins, the others are told so (goal sheet 7)."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from unittest import mock

import pytest
from django.db import close_old_connections, connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from bihuan.kernel.affairs.cases.testing import EntryRow
from bihuan.platform.accounts.testing import sign_in
from tests.matrix.world import Walk
from tests.trust import report

pytestmark = [pytest.mark.trust, pytest.mark.django_db(transaction=True)]

CLERKS, TRIALS, CONTROL_TRIALS = 4, (100 if report.is_full() else 5), 5


def _race(cast, trial: int) -> tuple[Counter[int], int, bool]:
    """Let clerks dispatch one matter; return the answers, the lines written, and the words."""
    walk = Walk(cast, f"秦山路{trial}号路灯不亮")
    walk.file()
    clients = [
        sign_in(Client(raise_request_exception=False), cast.account("mei")) for _ in range(CLERKS)
    ]
    gate, answers = threading.Barrier(CLERKS), []
    path = reverse("cases:dispatch", args=[walk.id])
    lead = cast.unit("330424-zongzhi").id

    def act(client: Client) -> None:
        gate.wait(10)
        answers.append(client.post(path, {"lead": lead, "command_id": str(uuid.uuid4())}))
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=act, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = all("已" in a.content.decode() for a in answers if a.status_code == 409)
    lines = EntryRow.objects.filter(case_id=walk.id, move="dispatch").count()
    return Counter(a.status_code for a in answers), lines, told


def test_one_clerk_dispatches_and_the_others_are_told() -> None:
    from bihuan.kernel.ground.registry.testing import make_cast
    from bihuan.platform import clock

    cast, began = make_cast(at=clock.now()), time.monotonic()
    clean = (Counter({409: CLERKS - 1, 303: 1}), 1, True)
    bad = sum(_race(cast, n) != clean for n in range(TRIALS))
    with mock.patch.object(QuerySet, "select_for_update", lambda rows, **_: rows.all()):
        caught = sum(_race(cast, 1000 + n) != clean for n in range(CONTROL_TRIALS))
    seconds = time.monotonic() - began
    control = f"caught {caught} of {CONTROL_TRIALS} (no lock)"
    report.tell(
        report.Line("four clerks dispatch one matter", TRIALS, bad, control, seconds, "none")
    )
    assert bad == 0
    assert caught > 0
