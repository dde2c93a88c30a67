"""Two at once: two reactions to one fact, two senders on one message."""

from __future__ import annotations

import threading

from django.db import connection

from bihuan.kernel.ground.registry.testing import make_cast
from bihuan.kernel.ground.registry.types import person_ref
from bihuan.kernel.tools.notices import api as notices
from bihuan.kernel.tools.notices.models import Delivery, Notice
from bihuan.kernel.tools.notices.tests.conftest import NINE, news, sender


def together(count: int, act) -> list[object]:
    gate, results = threading.Barrier(count), []

    def run() -> None:
        try:
            gate.wait()
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_reactions_make_one_notice(transactional_db) -> None:
    cast = make_cast()
    told, to = news(), person_ref(cast.members["lu"].person_id)
    made = together(4, lambda: notices.send_notice(told, to=to, scope=sender(), at=NINE))
    assert sorted(one.repeated for one in made) == [False, True, True, True]
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)


def test_two_senders_carry_each_message_once(transactional_db, provider) -> None:
    cast = make_cast()
    to = person_ref(cast.members["lu"].person_id)
    for _ in range(10):
        notices.send_notice(news(), to=to, scope=sender(), at=NINE)
    taken = together(3, lambda: notices.send_pending(scope=sender(), at=NINE))
    assert sum(taken) == 10
    assert len(provider.received) == 10 == len(provider.effects)
