"""Verbs that run beside a town with its settings: ``python -m tests.trust.world build``."""

from __future__ import annotations

import json
import os
import sys

import django

from tests.trust.walks import WHO


def build() -> dict[str, object]:
    """Build the cast; return a session for each of the thread's people, and the lead unit."""
    from django.test import Client

    from bihuan.kernel.ground.registry.testing import make_cast
    from bihuan.platform import clock
    from bihuan.platform.accounts.testing import sign_in

    cast = make_cast(at=clock.now())
    clients = {who: sign_in(Client(), cast.account(who)) for who in WHO}
    return {
        "sessions": {who: client.cookies["sessionid"].value for who, client in clients.items()},
        "leads": {name: str(cast.unit(f"330424-{name}").id) for name in ("zongzhi", "fire")},
    }


def deliver() -> dict[str, object]:
    """Bring every waiting fact to its subscribers; return what stands afterwards."""
    from bihuan.kernel.ground.events import api as events
    from bihuan.platform import clock

    while events.deliver_pending(at=clock.now()):
        pass
    return {s: events.count_deliveries(state=s) for s in ("pending", "done", "dead")}


def outbox() -> dict[str, object]:
    """Open matters and move them, heard by an address outside; return the ids of the matters."""
    from bihuan.kernel.affairs.cases.types import MAY_SEE
    from bihuan.kernel.stage import api as stage
    from bihuan.kernel.stage.machines import WantedKey
    from bihuan.platform import clock
    from bihuan.platform.adapters import hooks
    from bihuan.scenes.appeals.subscribers import TOPICS
    from tests.trust.people import Beside

    cast = Beside()
    url = os.environ["BIHUAN_TRUST_OUTSIDE"] + "/told"
    if not hooks.list_hooks():
        system, at = cast.scope("system"), clock.now()
        wanted = WantedKey("Trust", (MAY_SEE,), "330424005", 30, 60)
        made = stage.make_key(wanted, scope=system, at=at)
        stage.make_hook(made.key.id, url=url, topics=TOPICS, scope=system, at=at)
    count = int(os.environ["BIHUAN_TRUST_MATTERS"])
    return {"cases": [str(cast.walk(n)) for n in range(count)]}


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"build": build, "deliver": deliver, "outbox": outbox}[sys.argv[1]]()))
